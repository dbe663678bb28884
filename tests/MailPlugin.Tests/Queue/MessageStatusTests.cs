using MailPlugin.Queue;

namespace MailPlugin.Tests.Queue;

public sealed class MessageStatusTests
{
    static readonly RecipientState[] States = Enum.GetValues<RecipientState>();

    /// <summary>The contract's own words, in their order, over the set of states that occur.</summary>
    static readonly (Func<HashSet<RecipientState>, bool> Holds, MessageStatus Status)[] Contract =
    [
        (set => set.Contains(RecipientState.Sending), MessageStatus.Sending),
        (set => set.Contains(RecipientState.Deferred), MessageStatus.Deferred),
        (set => set.Contains(RecipientState.Pending), MessageStatus.Queued),
        (set => set.SetEquals([RecipientState.Captured]), MessageStatus.Captured),
        (set => set.All(state => state is RecipientState.Accepted or RecipientState.Captured), MessageStatus.Sent),
        (set => set.Overlaps([RecipientState.Accepted, RecipientState.Captured]), MessageStatus.Partial),
        (set => set.Contains(RecipientState.Failed), MessageStatus.Failed),
        (set => set.Contains(RecipientState.Expired), MessageStatus.Expired),
        (set => set.Contains(RecipientState.Suppressed), MessageStatus.Suppressed),
        (set => set.Contains(RecipientState.Canceled), MessageStatus.Canceled),
    ];

    [Fact]
    public void Every_combination_of_states_has_the_status_of_the_contract()
    {
        for (var mask = 1; mask < 1 << States.Length; mask++)
        {
            var states = States.Where((_, bit) => (mask & (1 << bit)) != 0).ToList();
            var expected = Contract.First(rule => rule.Holds([.. states])).Status;

            Assert.Equal((string.Join(',', states), expected), (string.Join(',', states), MessageStatuses.Of(states)));
        }
    }

    [Theory]
    [InlineData(MessageStatus.Sent, RecipientState.Accepted, RecipientState.Captured)]
    [InlineData(MessageStatus.Partial, RecipientState.Accepted, RecipientState.Canceled)]
    [InlineData(MessageStatus.Deferred, RecipientState.Accepted, RecipientState.Deferred, RecipientState.Pending)]
    [InlineData(MessageStatus.Sending, RecipientState.Sending, RecipientState.Deferred)]
    [InlineData(MessageStatus.Failed, RecipientState.Suppressed, RecipientState.Failed, RecipientState.Expired)]
    internal void Examples_read_as_people_expect(MessageStatus expected, params RecipientState[] states) => Assert.Equal(expected, MessageStatuses.Of(states));

    [Fact]
    public void Order_and_number_do_not_matter()
    {
        RecipientState[] states = [RecipientState.Accepted, RecipientState.Failed, RecipientState.Accepted];

        Assert.Equal(MessageStatuses.Of(states), MessageStatuses.Of(states.Reverse().Concat(states)));
    }
}

using MailPlugin.Delivery;

namespace MailPlugin.Tests.Delivery;

public sealed class RetryScheduleTests
{
    static readonly RetryOptions Options = new();

    /// <summary>Chance in the middle: no jitter.</summary>
    static readonly RetrySchedule Even = new(Options, () => 0.5);

    [Theory]
    [InlineData(0, 300)]
    [InlineData(1, 450)]
    [InlineData(2, 675)]
    [InlineData(9, 11_533)]
    [InlineData(10, 14_400)]
    [InlineData(100_000, 14_400)]
    public void Waits_grow_by_half_up_to_four_hours(int tries, int seconds) =>
        Assert.Equal(seconds, Math.Round(Even.Wait(tries, "451 4.3.0 no", FailureDecision.Defer).TotalSeconds));

    [Theory]
    [InlineData(0.0, 240)]
    [InlineData(0.999999, 360)]
    public void Chance_spreads_them_by_a_fifth(double chance, int seconds) =>
        Assert.Equal(seconds, Math.Round(new RetrySchedule(Options, () => chance).Wait(0, null, FailureDecision.Defer).TotalSeconds));

    [Theory]
    [InlineData("450 4.7.1 Greylisted, try again in 300 seconds", 300)]
    [InlineData("451 4.7.1 Please try again in 5 minutes", 300)]
    [InlineData("450 Try again after 90s", 90)]
    [InlineData("451 4.7.500 retry in 2 hours", 7_200)]
    [InlineData("450 4.2.0 Greylisted for 60 seconds (see http://example.org/5 minutes)", 60)]
    [InlineData("451 greylisted, come back in 15 min", 900)]
    public void A_relay_that_says_when_is_believed(string reply, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), RetrySchedule.Hint(reply));

    [Theory]
    [InlineData("451 4.3.0 try again later")]
    [InlineData("452 4.2.2 mailbox full, 300 seconds")]
    [InlineData("450 again in 99999999999999 seconds")]
    [InlineData(null)]
    public void What_says_no_time_gives_none(string? reply) => Assert.Null(RetrySchedule.Hint(reply));

    /// <summary>A limit of time would say on a busy machine that a reply cannot be read, and set its message aside.</summary>
    [Theory]
    [InlineData("again ")]
    [InlineData("again in ")]
    [InlineData(" ")]
    [InlineData("in")]
    public void A_reply_made_to_cost_is_read_to_its_end(string piece) => Assert.Null(RetrySchedule.Hint("450 again in " + string.Concat(Enumerable.Repeat(piece, 1_000_000))));

    [Theory]
    [InlineData("450 try again in 0 seconds", 5)]
    [InlineData("450 try again in 90 hours", 14_400)]
    public void A_hint_is_kept_within_reason(string reply, int seconds) =>
        Assert.Equal(seconds, Even.Wait(0, reply, FailureDecision.Defer).TotalSeconds);

    [Fact]
    public void A_hint_is_never_answered_early()
    {
        foreach (var chance in new[] { 0.0, 0.3, 0.9 })
        {
            Assert.True(new RetrySchedule(Options, () => chance).Wait(3, "450 try again in 100 seconds", FailureDecision.DeferShortly) >= TimeSpan.FromSeconds(100));
        }
    }

    [Fact]
    public void Greylisting_gets_one_short_wait()
    {
        Assert.Equal(Options.Greylisted, Even.Wait(0, "450 4.2.0 Greylisted", FailureDecision.DeferShortly));
        Assert.Equal(TimeSpan.FromSeconds(450), Even.Wait(1, "450 4.2.0 Greylisted", FailureDecision.DeferShortly));
    }

    [Fact]
    public void A_transport_that_is_down_does_not_move_the_schedule() =>
        Assert.Equal(Options.Unreachable, Even.Wait(7, "connection refused", FailureDecision.TryElsewhere));
}

using MailPlugin.Delivery;
using MailPlugin.Queue;
using MailPlugin.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Delivery;

public sealed class OutcomeRecorderTests
{
    readonly ManualClock _clock = new();
    readonly DamagedQueue _queue = new();
    readonly Dictionary<long, MessageStatus?> _told = [];

    [Fact]
    public async Task An_outcome_that_cannot_be_written_while_others_can_is_set_aside_and_told_of()
    {
        var watch = new StoreWatch(_clock);
        await using var recorder = new OutcomeRecorder(_queue, watch, new(), _clock, NullLogger<OutcomeRecorder>.Instance);
        _queue.IsDamaged = key => key == 3;
        foreach (var key in new long[] { 1, 2, 3, 4, 5 })
        {
            Add(recorder, key);
        }

        await PassAsync(() => Told is [1, 2, 4, 5], "the others are written");
        Add(recorder, 6);
        Add(recorder, 3);
        Add(recorder, 7);
        await PassAsync(() => Told is [1, 2, 4, 5, 6, 7], "those that follow are written");

        // Nobody hears of it, so its lease is kept; and it is not forgotten because others succeed.
        Assert.Contains("message 3", watch.Trouble, StringComparison.Ordinal);
        await recorder.CompleteAsync(CancellationToken.None);
        Assert.Null(_told[3]);
        Assert.All(_told.Where(told => told.Key != 3), told => Assert.Equal(MessageStatus.Sent, told.Value));
    }

    [Fact]
    public async Task What_was_set_aside_is_written_when_it_can_be_again()
    {
        var watch = new StoreWatch(_clock);
        await using var recorder = new OutcomeRecorder(_queue, watch, new(), _clock, NullLogger<OutcomeRecorder>.Instance);
        _queue.IsDamaged = key => key == 3;
        foreach (var key in new long[] { 1, 3, 2 })
        {
            Add(recorder, key);
        }

        await PassAsync(() => watch.Trouble?.Contains("message 3", StringComparison.Ordinal) == true && Told is [1, 2], "one is set aside");
        _queue.IsDamaged = _ => false;
        var next = 10L;

        await PassAsync(
            () =>
            {
                Add(recorder, next++);
                return Told.Contains(3);
            },
            "it is written");

        Assert.Equal(MessageStatus.Sent, _told[3]);
        Assert.Null(watch.Trouble);
    }

    [Fact]
    public async Task What_a_full_disk_has_no_room_for_is_kept_though_what_came_before_it_was_written()
    {
        var watch = new StoreWatch(_clock);
        await using var recorder = new OutcomeRecorder(_queue, watch, new(), _clock, NullLogger<OutcomeRecorder>.Instance);
        _queue.IsDamaged = key => key > 2;
        foreach (var key in new long[] { 1, 2, 3, 4 })
        {
            Add(recorder, key);
        }

        await PassAsync(() => Told is [1, 2], "two find room");
        await PassAsync(() => _queue.Alone >= 6, "each is tried again");
        Assert.DoesNotContain("message", watch.Trouble, StringComparison.Ordinal);
        _queue.IsDamaged = _ => false;

        await PassAsync(() => Told is [1, 2, 3, 4], "all are written");
        Assert.Null(watch.Trouble);
    }

    [Fact]
    public async Task While_nothing_at_all_can_be_written_everything_is_kept()
    {
        var watch = new StoreWatch(_clock);
        await using var recorder = new OutcomeRecorder(_queue, watch, new(), _clock, NullLogger<OutcomeRecorder>.Instance);
        _queue.IsDamaged = _ => true;
        Add(recorder, 1);
        Add(recorder, 2);
        await PassAsync(() => _queue.Alone >= 4, "each is tried alone, twice");
        Assert.Empty(Told);

        _queue.IsDamaged = _ => false;

        await PassAsync(() => Told is [1, 2], "both are written");
        Assert.Null(watch.Trouble);
    }

    [Fact]
    public async Task What_comes_within_a_moment_is_written_together_where_a_commit_costs_round_trips()
    {
        await using var recorder = new OutcomeRecorder(_queue, new(_clock), new() { Gather = TimeSpan.FromSeconds(1) }, _clock, NullLogger<OutcomeRecorder>.Instance);
        Add(recorder, 1);
        await Eventually.SeeAsync(() => _clock.Timers > 0, "it waits for others");
        Add(recorder, 2);
        Add(recorder, 3);
        Assert.Empty(Told);

        _clock.Advance(TimeSpan.FromSeconds(1));

        await Eventually.SeeAsync(() => Told is [1, 2, 3], "all are written");
        Assert.Equal(0, _queue.Alone);
    }

    [Fact]
    public async Task Who_stops_does_not_wait_for_that_moment()
    {
        await using var recorder = new OutcomeRecorder(_queue, new(_clock), new() { Gather = TimeSpan.FromHours(1) }, _clock, NullLogger<OutcomeRecorder>.Instance);
        Add(recorder, 1);
        await Eventually.SeeAsync(() => _clock.Timers > 0, "it waits for others");

        await recorder.CompleteAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal([1], Told);
        Assert.Equal(MessageStatus.Sent, _told[1]);
    }

    long[] Told
    {
        get
        {
            lock (_told)
            {
                return [.. _told.Keys.Order()];
            }
        }
    }

    void Add(OutcomeRecorder recorder, long key) => recorder.Add(new(key, 1) { At = _clock.GetUtcNow() }, status =>
    {
        lock (_told)
        {
            _told[key] = status;
        }
    });

    Task PassAsync(Func<bool> isRight, string what) => Eventually.SeeAsync(
        () =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return isRight();
        },
        what);

    /// <summary>Takes outcomes, but for those of damaged rows; one of these fails a whole commit.</summary>
    sealed class DamagedQueue : IDeliveryQueue
    {
        public Func<long, bool> IsDamaged { get; set; } = _ => false;

        public int Alone;

        public Task<IReadOnlyList<MessageStatus?>> RecordAsync(IReadOnlyList<MessageOutcome> outcomes, CancellationToken cancellationToken)
        {
            Alone += outcomes.Count == 1 ? 1 : 0;
            return outcomes.Any(outcome => IsDamaged(outcome.Key))
                ? throw new DatabaseUnavailableException("database disk image is malformed")
                : Task.FromResult<IReadOnlyList<MessageStatus?>>([.. outcomes.Select(_ => (MessageStatus?)MessageStatus.Sent)]);
        }

        public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ClaimedMessage?> FindClaimedAsync(string id, Lease lease, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<MessageContent?> ReadContentAsync(HeldMessage held, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ExtendAsync(IReadOnlyCollection<HeldMessage> messages, DateTimeOffset now, TimeSpan length, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> FreeLeasesAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> FollowClockAsync(ClockChange change, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

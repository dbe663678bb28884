using MailPlugin.Delivery;
using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Tests.Support;
using MailPlugin.Transports.Finishing;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Delivery;

/// <summary>Which bytes a message is sent with: those that came with its claim, or those that the store has now.</summary>
public sealed class MessagePreparationTests : IDisposable
{
    static readonly MessageContent Kept = new("Subject: kept\r\n"u8.ToArray(), "Hi\r\n"u8.ToArray());

    readonly ManualClock _clock = new();
    readonly DkimKeys _keys = new(new ManualClock(), NullLogger<DkimKeys>.Instance);

    public void Dispose() => _keys.Dispose();

    [Theory]
    [InlineData(0, false, true)]
    [InlineData(3, false, false)]
    [InlineData(0, true, false)]
    public async Task What_came_with_the_claim_is_sent_unless_it_is_old_or_the_store_cannot_be_written(int seconds, bool isAway, bool isKept)
    {
        var watch = new StoreWatch(_clock);
        var preparation = new MessagePreparation(new Gone(), new FakeSettings(), new(_keys), watch, _clock);
        var job = Job();
        job.KeepContent(Kept, (_clock.GetTimestamp(), _clock.GetUtcNow()));
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        if (isAway)
        {
            watch.Failed(0, "it does not answer");
        }

        var prepared = preparation.PrepareAsync(job, new() { Id = "t", Name = "t", Mode = TransportMode.Smtp }, default).AsTask();

        if (isKept)
        {
            Assert.Equal(Kept.Body.ToArray(), (await prepared)!.Body.ToArray());
        }
        else
        {
            await Assert.ThrowsAsync<DatabaseUnavailableException>(() => prepared);
        }
    }

    static DeliveryJob Job() => new(DeliveryJobTests.Claimed());

    /// <summary>A store that answers nobody.</summary>
    sealed class Gone : IDeliveryQueue
    {
        public Task<MessageContent?> ReadContentAsync(HeldMessage held, CancellationToken cancellationToken) => throw new DatabaseUnavailableException("it does not answer");

        public Task<IReadOnlyList<MessageStatus?>> RecordAsync(IReadOnlyList<MessageOutcome> outcomes, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ClaimResult> ClaimAsync(ClaimRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ClaimedMessage?> FindClaimedAsync(string id, Lease lease, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ExtendAsync(IReadOnlyCollection<HeldMessage> messages, DateTimeOffset now, TimeSpan length, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> FreeLeasesAsync(DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<int> FollowClockAsync(ClockChange change, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

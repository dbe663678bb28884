using MailPlugin.Delivery;
using MailPlugin.Queue;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Delivery;

public sealed class DeliveryJobTests
{
    static readonly MessageContent Bytes = new("Subject: Hello\r\n"u8.ToArray(), "Hi\r\n"u8.ToArray());

    readonly ManualClock _clock = new();

    [Fact]
    public void Bytes_that_came_with_the_claim_are_used_once()
    {
        var job = Job();
        job.KeepContent(Bytes, (_clock.GetTimestamp(), _clock.GetUtcNow()));

        Assert.Same(Bytes, job.TakeContent(_clock, TimeSpan.FromSeconds(10)));
        Assert.Null(job.TakeContent(_clock, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void A_process_that_stood_still_does_not_use_them_because_its_lease_may_have_ended()
    {
        var job = Job();
        job.KeepContent(Bytes, (_clock.GetTimestamp(), _clock.GetUtcNow()));

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(job.TakeContent(_clock, TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Nor_does_one_whose_machine_stood_still_or_whose_clock_was_set(int direction)
    {
        var job = Job();
        job.KeepContent(Bytes, (_clock.GetTimestamp(), _clock.GetUtcNow() + (direction * TimeSpan.FromSeconds(10))));

        Assert.Null(job.TakeContent(_clock, TimeSpan.FromSeconds(10)));
    }

    static DeliveryJob Job() => new(Claimed());

    internal static ClaimedMessage Claimed() => new()
    {
        Key = 1,
        Id = "1",
        MessageId = "<1@example.com>",
        Lease = new(1, Some.Time),
        Lane = 1,
        Source = "",
        Transport = "",
        From = new("a@example.com"),
        Recipients = [new("b@example.org", RecipientKind.To)],
        CreatedAt = Some.Time,
        ExpiresAt = Some.Time.AddDays(5),
        Tries = 0,
        Size = 20,
    };
}

using MailPlugin.Delivery;
using MailPlugin.Queue;
using MailPlugin.Tests.Support;
using MailPlugin.Transports;

namespace MailPlugin.Tests.Delivery;

/// <summary>Somebody sets the clock while mail is under way.</summary>
public sealed class SetClockTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(60 * 24)]
    public async Task A_message_in_flight_is_not_claimed_again_when_the_clock_is_set_ahead(int minutes)
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        var answer = new TaskCompletionSource();
        transport.Before = (message, _) => message.Recipients[0] == "slow@example.org" ? answer.Task : Task.CompletedTask;
        var slow = await rig.SubmitAsync("slow@example.org");
        await Eventually.SeeAsync(() => transport.Calls == 1, "it is under way");

        rig.Clock.Set(TimeSpan.FromMinutes(minutes));
        for (var i = 0; i < 5; i++)
        {
            // Each of them is claimed, so each is a look at what is due.
            await rig.WaitForAsync(await rig.SubmitAsync(), MessageStatus.Sent);
        }

        answer.SetResult();
        await rig.WaitForAsync(slow, MessageStatus.Sent);
        Assert.Single(transport.Sent, sent => sent.Recipients[0] == "slow@example.org");
    }

    [Fact]
    public async Task What_was_deferred_waits_no_longer_when_the_clock_is_set_back()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        transport.Answer = message => Outcome.Refused(message, TransportStage.Content, "451 4.3.0 not now");
        var id = await rig.SubmitAsync();
        await rig.WaitForAsync(id, MessageStatus.Deferred);
        transport.Answer = Outcome.Accepted;

        rig.Clock.Set(TimeSpan.FromHours(-20));
        rig.Advance(TimeSpan.Zero);

        var moved = await Eventually.SeeAsync(() => rig.FindAsync(id), message => message.NextAttemptAt < rig.Clock.GetUtcNow() + TimeSpan.FromHours(1), "its time follows the clock");
        Assert.InRange(moved.NextAttemptAt!.Value - rig.Clock.GetUtcNow(), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(6));
        rig.Advance(TimeSpan.FromMinutes(6.1));
        await rig.WaitForAsync(id, MessageStatus.Sent);
    }

    [Fact]
    public async Task What_was_deferred_does_not_wait_for_the_old_time_when_the_clock_was_set_back_between_two_starts()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        transport.Answer = message => Outcome.Refused(message, TransportStage.Content, "451 4.3.0 not now");
        var id = await rig.SubmitAsync();
        await rig.WaitForAsync(id, MessageStatus.Deferred);

        rig.Clock.Set(TimeSpan.FromDays(-400));
        await (await rig.RestartAsync()).StartDeliveryAsync();

        Assert.InRange((await rig.FindAsync(id)).NextAttemptAt!.Value - rig.Clock.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromHours(5));
    }

    [Theory]
    [InlineData(-20)]
    [InlineData(20)]
    public void A_transport_that_is_down_is_probed_after_the_same_time_when_the_clock_is_set(int hours)
    {
        var clock = new ManualClock();
        var health = new TransportHealth(clock);
        for (var i = 0; i < 3; i++)
        {
            health.Failed("refused", settings: false);
        }

        clock.Set(TimeSpan.FromHours(hours));

        Assert.Equal(TransportAccess.Closed, health.Access);
        clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(TransportAccess.Probe, health.Access);
    }
}

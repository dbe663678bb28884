using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Delivery;

public sealed class SlowTransportTests
{
    [Fact]
    public async Task Behind_a_slow_program_little_is_claimed_and_other_transports_go_on()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var never = new TaskCompletionSource();
        rig.Settings.Add("slow", mode: TransportMode.Sendmail).Before = (_, cancellationToken) => never.Task.WaitAsync(cancellationToken);
        var quick = rig.Settings.Add("quick");

        for (var number = 0; number < 100; number++)
        {
            await rig.SubmitAsync();
        }

        var named = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => rig.SubmitAsync(Some.Submission() with { Transport = "quick" })));
        foreach (var id in named)
        {
            await rig.WaitForAsync(id, MessageStatus.Sent);
        }

        Assert.Equal(50, quick.Sent.Count);
        Assert.InRange(rig.Get<QueueGauge>().Sending, 1, 8);
        never.SetResult();
    }

    [Fact]
    public async Task What_waits_behind_a_program_that_died_goes_by_the_next()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        rig.Settings.Add("dead", mode: TransportMode.Sendmail).Answer = message => Outcome.Fault(message, MailPlugin.Transports.TransportFaultKind.ProgramFailed, MailPlugin.Transports.TransportStage.Program);
        var next = rig.Settings.Add("next");

        var ids = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => rig.SubmitAsync()));
        foreach (var id in ids)
        {
            await rig.WaitForAsync(id, MessageStatus.Sent);
        }

        Assert.Equal(100, next.Sent.Count);
    }
}

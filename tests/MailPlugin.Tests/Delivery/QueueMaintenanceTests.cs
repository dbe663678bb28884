using MailPlugin.Delivery;
using MailPlugin.Queue;
using MailPlugin.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.Delivery;

/// <summary>What is let go of, and when. Steps are taken by hand; the clock stands still between them.</summary>
public sealed class QueueMaintenanceTests
{
    [Fact]
    public async Task U_11_Contents_go_after_a_week_and_messages_after_a_quarter()
    {
        await using var rig = await StartAsync(new());
        var id = await SendAsync(rig);

        rig.Advance(TimeSpan.FromDays(6.9));
        await TidyAsync(rig);
        Assert.True((await rig.FindAsync(id)).HasContent);
        rig.Advance(TimeSpan.FromDays(0.2));
        await TidyAsync(rig);
        Assert.False((await rig.FindAsync(id)).HasContent);

        rig.Advance(TimeSpan.FromDays(82.8));
        await TidyAsync(rig);
        Assert.Equal(MessageStatus.Sent, (await rig.FindAsync(id)).Status);
        rig.Advance(TimeSpan.FromDays(0.2));
        await TidyAsync(rig);
        Assert.Null(await rig.Messages.FindAsync(id, default));
    }

    [Fact]
    public async Task U_11_Over_the_size_contents_go_early_and_what_is_young_or_waits_stays()
    {
        await using var rig = await StartAsync(new() { Bytes = 1 });
        var old = await SendAsync(rig);
        var waiting = await rig.SubmitAsync(Some.Submission() with { NotBefore = rig.Clock.GetUtcNow() + TimeSpan.FromDays(1) });
        rig.Advance(TimeSpan.FromHours(2));
        var young = await SendAsync(rig);

        await TidyAsync(rig);

        Assert.Equal((false, true, true), ((await rig.FindAsync(old)).HasContent, (await rig.FindAsync(waiting)).HasContent, (await rig.FindAsync(young)).HasContent));
    }

    [Fact]
    public async Task U_11_Over_the_number_messages_go_early_and_what_is_young_or_waits_stays()
    {
        await using var rig = await StartAsync(new() { Count = 1 });
        var old = await SendAsync(rig);
        var waiting = await rig.SubmitAsync(Some.Submission() with { NotBefore = rig.Clock.GetUtcNow() + TimeSpan.FromDays(1) });
        rig.Advance(TimeSpan.FromHours(2));
        var young = await SendAsync(rig);

        await TidyAsync(rig);

        Assert.Null(await rig.Messages.FindAsync(old, default));
        Assert.Equal((MessageStatus.Queued, MessageStatus.Sent), ((await rig.FindAsync(waiting)).Status, (await rig.FindAsync(young)).Status));
    }

    [Fact]
    public async Task What_nobody_claims_ends_when_its_time_is_over_and_time_that_it_was_held_does_not_count()
    {
        await using var rig = new QueueRig().Build();
        var held = rig.Get<HoldClock>();
        var id = await rig.SubmitAsync(Some.Submission() with { ExpiresAt = rig.Clock.GetUtcNow() + TimeSpan.FromDays(1) });
        await held.UpdateAsync([HoldClock.Everything], rig.Clock.GetUtcNow(), default);
        rig.Clock.Advance(TimeSpan.FromDays(3));

        await TidyAsync(rig);
        Assert.Equal(MessageStatus.Queued, (await rig.FindAsync(id)).Status);

        await held.UpdateAsync([], rig.Clock.GetUtcNow(), default);
        rig.Clock.Advance(TimeSpan.FromDays(1.1));
        await TidyAsync(rig);
        Assert.Equal(MessageStatus.Expired, (await rig.FindAsync(id)).Status);
    }

    static Task<QueueRig> StartAsync(RetentionOptions retention)
    {
        var rig = new QueueRig().Build(services => services.AddSingleton(retention));
        rig.Settings.Add("primary");
        return rig.StartDeliveryAsync();
    }

    static async Task<string> SendAsync(QueueRig rig)
    {
        var id = await rig.SubmitAsync();
        await rig.WaitForAsync(id, MessageStatus.Sent);
        return id;
    }

    static Task TidyAsync(QueueRig rig) => rig.Get<QueueMaintenance>().RunOnceAsync(CancellationToken.None);
}

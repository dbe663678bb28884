using System.Collections.Concurrent;
using MailPlugin.Delivery;
using MailPlugin.Queue;
using MailPlugin.Tests.Support;
using MailPlugin.Transports;

namespace MailPlugin.Tests.Delivery;

public sealed class ContentBudgetTests
{
    const int Size = 100_000;

    [Fact]
    public async Task Contents_in_memory_are_bounded_by_bytes_and_everything_leaves_all_the_same()
    {
        await using var rig = new QueueRig { Delivery = new() { ContentBytes = (3 * Size) + (Size / 2) } }.Build();
        var most = new ConcurrentQueue<long>();
        var budget = rig.Get<ContentBudget>();
        foreach (var (id, sessions) in new[] { ("primary", 4), ("other", 2) })
        {
            rig.Settings.Add(id, sessions).Before = async (_, cancellation) =>
            {
                most.Enqueue(budget.Used);
                await Task.Delay(2, cancellation);
            };
        }

        var ids = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            ids.Add(await rig.SubmitAsync(Some.Submission() with { Text = new('x', Size), Transport = i % 3 == 0 ? "other" : null }));
        }

        await rig.StartDeliveryAsync();
        foreach (var id in ids)
        {
            await rig.WaitForAsync(id, MessageStatus.Sent);
        }

        Assert.InRange(most.Max(), Size, (3 * Size) + (Size / 2));
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public async Task A_message_that_is_bigger_than_the_whole_budget_leaves_alone()
    {
        await using var rig = await new QueueRig { Delivery = new() { ContentBytes = 1_000 } }.Build().StartDeliveryAsync();
        rig.Settings.Add("primary");

        var big = await rig.SubmitAsync(Some.Submission() with { Text = new('x', Size) });
        var small = await rig.SubmitAsync();

        await rig.WaitForAsync(big, MessageStatus.Sent);
        await rig.WaitForAsync(small, MessageStatus.Sent);
    }

    [Fact]
    public async Task A_stop_gives_back_what_waits_for_room()
    {
        await using var rig = new QueueRig { Delivery = new() { ContentBytes = 1_000, StopGrace = TimeSpan.Zero } }.Build();
        var transport = rig.Settings.Add("primary", maxSessions: 4);
        transport.Before = (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation);
        var ids = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            ids.Add(await rig.SubmitAsync(Some.Submission() with { Text = new('x', Size) }));
        }

        await rig.StartDeliveryAsync();
        await Eventually.SeeAsync(() => rig.Get<ContentBudget>().Used > 0, "one has the room");
        var stop = rig.Get<DeliveryWorker>().StopAsync(CancellationToken.None);
        await Eventually.SeeAsync(
            () =>
            {
                rig.Clock.Advance(TimeSpan.FromSeconds(1));
                return stop.IsCompleted;
            },
            "the stop ends");

        foreach (var id in ids)
        {
            var message = await rig.FindAsync(id);
            Assert.Equal((MessageStatus.Queued, 0), (message.Status, message.Attempts.Count));
        }

        Assert.Equal(0, rig.Get<ContentBudget>().Used);
    }

    [Fact]
    public async Task What_fails_over_to_another_transport_does_not_keep_its_bytes_meanwhile()
    {
        await using var rig = new QueueRig { Delivery = new() { ContentBytes = 1_000 } }.Build();
        rig.Settings.Add("primary", maxSessions: 1).Answer = message => Outcome.Fault(message, TransportFaultKind.ConnectionRefused, TransportStage.Connect);
        rig.Settings.Add("backup", maxSessions: 1, maxRecipients: 2);
        var ids = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            ids.Add(await rig.SubmitAsync(Some.Submission("a@example.org", "b@example.org", "c@example.org") with { Text = new('x', Size) }));
        }

        await rig.StartDeliveryAsync();

        foreach (var id in ids)
        {
            await rig.WaitForAsync(id, MessageStatus.Sent);
        }

        Assert.Equal(0, rig.Get<ContentBudget>().Used);
    }
}

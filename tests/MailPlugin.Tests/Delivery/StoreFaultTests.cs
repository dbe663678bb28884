using MailPlugin.Delivery;
using MailPlugin.Queue;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using MailPlugin.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.Delivery;

/// <summary>What our own store cannot do is held against no message and no transport.</summary>
public sealed class StoreFaultTests
{
    [Fact]
    public async Task Content_that_cannot_be_read_costs_no_attempt_and_is_tried_again_at_once()
    {
        await using var rig = new QueueRig();
        var store = new BrokenStore();
        rig.Build(services => store.PutAround(services));
        var transport = rig.Settings.Add("primary");
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await rig.SubmitAsync());
        }

        store.ReadsFail = true;
        await rig.StartDeliveryAsync();
        await Eventually.SeeAsync(() => store.Refused >= 5, "contents are asked for");
        store.ReadsFail = false;

        foreach (var id in ids)
        {
            var sent = await Eventually.SeeAsync(
                () =>
                {
                    rig.Advance(TimeSpan.FromSeconds(0.1));
                    return rig.FindAsync(id);
                },
                message => message.Status == MessageStatus.Sent,
                "it is sent");
            Assert.Equal(AttemptOutcome.Accepted, Assert.Single(sent.Attempts).Outcome);
            Assert.True(sent.Recipients[0].At - sent.CreatedAt < TimeSpan.FromMinutes(4), "It waited as if it had been refused.");
        }

        Assert.Equal(5, transport.Sent.Count);
        Assert.Equal(TransportCondition.Healthy, rig.Get<TransportLines>().Get("primary").Health.Report().Condition);
    }

    [Fact]
    public async Task That_the_queue_cannot_be_read_is_told_at_first_then_once_a_minute_and_when_it_is_over()
    {
        using var log = new RecordedLog();
        await using var rig = new QueueRig();
        var store = new BrokenStore();
        rig.Build(services =>
        {
            store.PutAround(services);
            services.AddSingleton(log.Of<QueueOutage>());
        });
        rig.Settings.Add("primary");
        await rig.StartDeliveryAsync();

        for (var outage = 1; outage <= 2; outage++)
        {
            store.WritesFail = true;
            for (var begun = rig.Clock.GetUtcNow(); rig.Clock.GetUtcNow() - begun < TimeSpan.FromSeconds(130);)
            {
                var before = store.Refused;
                await Eventually.SeeAsync(
                    () =>
                    {
                        rig.Advance(TimeSpan.FromSeconds(0.5));
                        return store.Refused > before;
                    },
                    "another round");
            }

            Assert.True(store.Refused > 50 * outage, $"{store.Refused} rounds");
            Assert.Equal(3 * outage, log.Errors.Count);
            Assert.All(log.Errors, entry => Assert.Contains("The queue cannot be read: database or disk is full", entry.Text, StringComparison.Ordinal));
            store.WritesFail = false;
            await Eventually.SeeAsync(
                () =>
                {
                    rig.Advance(TimeSpan.FromSeconds(1));
                    return log.Entries.Count == 4 * outage;
                },
                "it is said to be over");
            Assert.Contains("read again", log.Entries[^1].Text, StringComparison.Ordinal);
        }
    }
}

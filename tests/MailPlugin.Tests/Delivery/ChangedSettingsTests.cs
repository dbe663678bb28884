using MailPlugin.Delivery;
using MailPlugin.Queue;
using MailPlugin.TestBed;
using MailPlugin.Tests.Support;
using MailPlugin.Tests.Transports.Programs;

namespace MailPlugin.Tests.Delivery;

public sealed class ChangedSettingsTests
{
    [Fact]
    public async Task What_is_submitted_after_a_change_goes_by_the_new_settings_though_the_stream_of_mail_never_ends()
    {
        await using var former = new RecordingSmtpServer();
        await using var next = new RecordingSmtpServer();
        await using var host = await ModeHost.StartAsync(ModeHost.Smtp(former.Port));
        using var over = new CancellationTokenSource();
        var stream = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await host.SubmitAsync(ModeHost.Message("before@reader.example"));
            }
        });
        await Eventually.SeeAsync(() => former.Messages.Count > 50, "mail at the former relay");

        Assert.Equal(200, (await host.SaveAsync(ModeHost.Smtp(next.Port))).Status);
        for (var number = 0; number < 20; number++)
        {
            await host.SubmitAsync(ModeHost.Message("after@reader.example"));
        }

        await Eventually.SeeAsync(() => Recipients(next, "after").Count() == 20, "mail at the new relay");
        await over.CancelAsync();
        await stream;

        Assert.Empty(Recipients(former, "after"));
    }

    [Fact]
    public async Task A_message_that_waited_for_the_rate_when_its_settings_were_replaced_takes_one_place_and_not_two()
    {
        await using var rig = new QueueRig().Build();
        var transport = rig.Settings.Add("primary", maxSessions: 1, ratePerMinute: 6);
        await rig.SubmitAsync();
        await rig.SubmitAsync();
        var now = rig.Clock.GetUtcNow();
        var claimed = (await rig.Get<IDeliveryQueue>().ClaimAsync(new(now, new(1, now.AddHours(1)), [2, 2, 2], 2, _ => 2, _ => 2), CancellationToken.None)).Messages;
        rig.Get<DeliveryDesk>().Begin(new(claimed[0]));
        await Eventually.SeeAsync(() => transport.Sent.Count == 1, "the first, which takes the place there is");
        var timers = rig.Clock.Timers;
        rig.Get<DeliveryDesk>().Begin(new(claimed[1]));
        await Eventually.SeeAsync(() => rig.Clock.Timers > timers, "the second waits");

        rig.Settings.Replace();
        rig.Clock.Advance(TimeSpan.FromSeconds(11));

        await Eventually.SeeAsync(() => transport.Sent.Count == 2, "the second goes, though no other place comes");
    }

    static IEnumerable<string> Recipients(RecordingSmtpServer relay, string who) => relay.Lines.Where(line => line == $"RCPT TO:<{who}@reader.example>");
}

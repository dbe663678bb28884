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

    static IEnumerable<string> Recipients(RecordingSmtpServer relay, string who) => relay.Lines.Where(line => line == $"RCPT TO:<{who}@reader.example>");
}

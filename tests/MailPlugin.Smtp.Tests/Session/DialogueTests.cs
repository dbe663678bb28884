using System.Text;

namespace MailPlugin.Smtp.Tests;

/// <summary>
/// Scripted dialogues: every stage accepted, refused for now, refused for good, closed, dropped, stalled, cut in a reply, answered with
/// garbage and with a reply that makes no sense there. Each as it comes and with every byte arriving alone.
/// </summary>
public sealed class DialogueTests
{
    public static TheoryData<string, bool> Dialogues
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var file in Directory.GetFiles(Folder, "*.txt").Order(StringComparer.Ordinal))
            {
                data.Add(Path.GetFileNameWithoutExtension(file), false);
                data.Add(Path.GetFileNameWithoutExtension(file), true);
            }

            return data;
        }
    }

    static string Folder => Path.Combine(AppContext.BaseDirectory, "Dialogues");

    [Fact]
    public void Every_stage_has_every_ending()
        => Assert.Equal(7 * 9, Directory.GetFiles(Folder, "*.txt").Length);

    [Theory]
    [MemberData(nameof(Dialogues))]
    public async Task A_dialogue_ends_as_its_script_says(string name, bool byteByByte)
    {
        var script = await File.ReadAllLinesAsync(Path.Combine(Folder, name + ".txt"));
        var time = new ManualTime();
        await using var server = new FakeServer(talk => PlayAsync(talk, script));
        var relay = server.Relay with
        {
            Credentials = SmtpCredentials.WithPassword("user", new SmtpSecret("s3cret")),
            AllowPlaintextAuth = true,
        };
        var connector = new SmtpConnector(time) { Wrap = stream => byteByByte ? new OneByteStream(stream) : stream };
        var run = RunAsync(relay, connector, time);
        if (name.EndsWith("-stalled", StringComparison.Ordinal))
        {
            await time.PassUntilAsync(run, TimeSpan.FromSeconds(5));
        }

        Assert.Equal(script[^1]["expect: ".Length..], await run.WaitAsync(TimeSpan.FromSeconds(30)));
        await server.FinishAsync();
    }

    static async Task<string> RunAsync(SmtpRelay relay, SmtpConnector connector, TimeProvider time)
    {
        try
        {
            await using var session = await SmtpSession.ConnectAsync(relay, new TranscriptWriter(null, time), time, connector, default);
            var outcome = await session.SendAsync(Some.Transaction());
            var recipient = outcome.Recipients[0];
            if (outcome.Fault is null)
            {
                await session.QuitAsync();
            }

            Assert.False(session.IsUsable);
            Assert.False(outcome.MayRetryAtOnce);
            return $"{outcome.Verdict} {outcome.Results()} at {recipient.Stage}{(recipient.Reply is { } reply ? $" with {reply}" : "")}{(outcome.Fault is { } fault ? $", {fault}" : "")}";
        }
        catch (SmtpException exception)
        {
            return $"no session, {exception.Fault} at {exception.Stage}{(exception.Reply is { } reply ? $" with {reply}" : "")}";
        }
    }

    static async Task PlayAsync(FakeConversation talk, string[] script)
    {
        foreach (var line in script)
        {
            switch (line)
            {
                case ['#', ..]:
                    break;
                case "C: <content>":
                    Assert.Equal("Subject: hi\r\n\r\nhello\r\n", await talk.ReadContentAsync());
                    break;
                case ['C', ':', ' ', .. var said]:
                    await talk.ExpectAsync(said);
                    break;
                case ['S', ':', ' ', .. var reply]:
                    await talk.SayAsync(reply);
                    break;
                case "!drop":
                    return;
                case "!stall":
                    await talk.StallAsync();
                    return;
                case ['!', 'h', 'a', 'l', 'f', ' ', .. var half]:
                    await talk.WriteAsync(Encoding.ASCII.GetBytes(half));
                    break;
                case ['e', 'x', 'p', 'e', 'c', 't', ':', ..]:
                    return;
                default:
                    throw new InvalidDataException(line);
            }
        }
    }
}

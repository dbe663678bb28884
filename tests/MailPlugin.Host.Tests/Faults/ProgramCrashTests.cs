using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>The host is killed while a program has a message in hand.</summary>
public sealed class ProgramCrashTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1_000)]
    [InlineData(3_000_000)]
    public async Task A_message_is_delivered_and_no_copy_of_it_is_cut_off(int length)
    {
        // It has begun, and reads only when it is told: by then its host is no more.
        var path = Script.Write(_folder, "sendmail", $"""
            copy=$(mktemp {Script.Quote(_folder.Of("copy-XXXXXX"))})
            echo $$ >{Script.Quote(_folder.Of("begun"))}
            n=0; while [ ! -e {Script.Quote(_folder.Of("go"))} ] && [ $n -lt 600 ]; do sleep 0.1; n=$((n + 1)); done
            cat >"$copy"
            mv "$copy" "$copy.whole"
            """);
        await using var host = await MailHost.StartAsync();
        var saved = await host.SaveAsync(Drafts.With(new JsonObject { ["id"] = "local", ["mode"] = "sendmail", ["sendmail"] = new JsonObject { ["path"] = path } }));
        Assert.True(saved.Status == 200, saved.Text);
        var accepted = await host.SubmitAsync("crash", length);
        Assert.True(accepted.Status == 202, accepted.Text);
        await Eventually.SeeAsync(() => File.Exists(_folder.Of("begun")), "the program");

        await host.RestartAsync(kill: true);
        await File.WriteAllTextAsync(_folder.Of("go"), "");
        await host.UntilStatusIsAsync(accepted["id"], "sent");
        await Eventually.SeeAsync(() => Copies("").Length == Copies(".whole").Length, "the first host's program");

        // The orphan of the killed host delivers too: twice, never cut off.
        var copies = await Task.WhenAll(Copies(".whole").Select(copy => File.ReadAllTextAsync(copy)));
        Assert.InRange(copies.Length, 1, 2);
        Assert.All(copies, copy => Assert.True(copy.Count(letter => letter == 'm') >= length, $"{copy.Length} characters of a message of {length}"));
        Assert.Single(copies.Distinct());
    }

    string[] Copies(string ending) => Directory.GetFiles(_folder.Path, $"copy-*{ending}");
}

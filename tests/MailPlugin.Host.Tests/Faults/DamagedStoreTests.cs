using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>The database file cut short, overwritten, taken away or held by somebody else.</summary>
public sealed class DamagedStoreTests : IAsyncLifetime
{
    readonly CountingSink sink = new();
    MailHost host = null!;

    string Database => Path.Combine(host.Data, "mail.db");

    public static TheoryData<string> Damages => new(Ways.Keys);

    static Dictionary<string, Action<string>> Ways { get; } = new()
    {
        ["cut short"] = file => Resize(file, length => length / 2 / 4096 * 4096),
        ["cut within a page"] = file => Resize(file, length => length - 1000),
        ["overwritten"] = file => File.WriteAllText(file, new string('?', 50_000)),
        ["damaged inside"] = file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
            stream.Position = 4096;
            stream.Write(Enumerable.Repeat((byte)0xa5, (int)stream.Length - 4096).ToArray());
        },
    };

    public async Task InitializeAsync()
    {
        host = await MailHost.StartAsync();
        await host.DeliverToAsync(sink);
    }

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await sink.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task A_damaged_database_is_told_and_used_once_it_is_repaired(string damage)
    {
        await host.Process.StopAsync();
        var backup = Database + ".backup";
        File.Copy(Database, backup);
        Ways[damage](Database);
        var damaged = await File.ReadAllBytesAsync(Database);

        await host.RestartAsync(kill: true);
        (await host.SubmitAsync("damaged")).ShouldBeTurnedAway("queue-unavailable");
        await host.UntilHealthIsAsync("unhealthy", 503);
        await host.Process.WaitForOutputAsync(Database);
        Assert.True(new[] { "is damaged", "malformed", "not a database" }.Any(word => host.Process.Output.Contains(word, StringComparison.Ordinal)), host.Process.Output);

        // What may still be rescued is not touched.
        Assert.Equal(damaged, await File.ReadAllBytesAsync(Database));

        File.Move(backup, Database, overwrite: true);
        await host.UntilHealthIsAsync("healthy", 200);
        await sink.UntilDeliveredAsync((await host.SubmitUntilAcceptedAsync("repaired"))["messageId"]!);
        Assert.Single(sink.Messages);
    }

    [Fact]
    public async Task A_database_file_that_was_deleted_takes_no_more_mail()
    {
        var kept = await host.SubmitUntilAcceptedAsync("before");
        await sink.UntilDeliveredAsync(kept["messageId"]!);
        var aside = Database + ".aside";
        File.Move(Database, aside);

        // It would go into a file without a name, and with the process it would be gone.
        (await host.SubmitAsync("lost")).ShouldBeTurnedAway("queue-unavailable");
        await host.UntilHealthIsAsync("unhealthy", 503);
        await host.Process.WaitForOutputAsync("moved or deleted");

        File.Move(aside, Database);

        // A message that found no room is forgotten once another of its size has found some.
        await sink.UntilDeliveredAsync((await host.SubmitUntilAcceptedAsync("back"))["messageId"]!);
        await host.UntilHealthIsAsync("healthy", 200);
        Assert.DoesNotContain(sink.Messages.Values, message => message.Subject == "lost");
    }

    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused_and_takes_over_when_the_first_ends()
    {
        await using var second = await MailHost.StartInAsync(host.Data);

        (await second.SubmitAsync("second")).ShouldBeTurnedAway("queue-unavailable");
        await second.UntilHealthIsAsync("unhealthy", 503);
        await second.Process.WaitForOutputAsync($"is in use by another process (process {host.Process.Id})");

        await host.UntilHealthIsAsync("healthy", 200);
        await sink.UntilDeliveredAsync((await host.SubmitUntilAcceptedAsync("first"))["messageId"]!);

        Assert.Equal(0, await host.Process.StopAsync());
        await second.UntilHealthIsAsync("healthy", 200);
        await sink.UntilDeliveredAsync((await second.SubmitUntilAcceptedAsync("second"))["messageId"]!);
        Assert.Equal(2, sink.Taken);
    }

    static void Resize(string file, Func<long, long> length)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        stream.SetLength(length(stream.Length));
    }
}

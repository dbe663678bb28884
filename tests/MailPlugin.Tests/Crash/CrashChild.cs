using System.Diagnostics;
using System.Globalization;
using MailPlugin.Delivery;
using MailPlugin.OAuth.Tokens;
using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Storage;
using MailPlugin.Storage.Stores;
using MailPlugin.Submission;
using MailPlugin.Tests.Delivery;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using MailPlugin.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.Crash;

/// <summary>
/// A process of its own with the real submission, store, worker and SMTP transport, which is killed at the given point of a transaction. It says on its output what it has acknowledged, and
/// at its end how many points there are.
/// </summary>
internal static class CrashChild
{
    public const string Submit = "submit";
    public const string Record = "record";

    /// <summary>Changes a refresh token for the next one.</summary>
    public const string Renew = "renew";

    /// <summary>More than there are: it runs to its end.</summary>
    public const int Never = int.MaxValue;

    const string Suppressed = "suppressed@example.org";
    const int Killed = 128 + 9;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What the process submits in one commit.</summary>
    public static IReadOnlyList<SubmissionRequest> Submissions =>
    [
        Request("first", "b@example.org", Suppressed, "c@example.org"),
        Request("second", "d@example.org"),
    ];

    /// <summary>What the process delivers: taken, refused for good, refused for now.</summary>
    public static IReadOnlyList<SubmissionRequest> Deliveries => [Request("mixed", "b@example.org", "gone@example.org", "later@example.org"), Request("taken", "c@example.org")];

    public static SubmissionCaller Caller { get; } = new("", "crash");

    /// <summary>Starts it and waits for its end.</summary>
    public static async Task<CrashedRun> StartAsync(string what, string folder, int point, int port = 0)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            ["exec", typeof(CrashChild).Assembly.Location, "crash", what, folder, point.ToString(CultureInfo.InvariantCulture), port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            var lines = (await process.StandardOutput.ReadToEndAsync(patience.Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode is 0 or Killed, $"{process.ExitCode}: {await error}");
            return new(process.ExitCode == Killed, [.. lines.Where(line => line.StartsWith("m_", StringComparison.Ordinal))], int.Parse(lines.LastOrDefault(line => !line.StartsWith("m_", StringComparison.Ordinal)) ?? "0", CultureInfo.InvariantCulture));
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>The process itself.</summary>
    public static async Task<int> RunAsync(string what, string folder, int point, int port)
    {
        var points = new FaultPoints(point);
        if (what == Renew)
        {
            await RenewAsync(folder, points);
            Tell(points.Passed.ToString(CultureInfo.InvariantCulture));
            return 0;
        }

        await using var relay = new OneRelay(port, points.Arm);
        await using var rig = new QueueRig { Folder = folder }.Build(services =>
        {
            services.AddSingleton<IDatabase>(new CountedDatabase((IDatabase)services.Last(service => service.ServiceType == typeof(IDatabase)).ImplementationInstance!, points));
            relay.AddTo(services);
        });
        await rig.Get<ISuppressionStore>().PutAsync(new(Suppressed, "550 no", "test", rig.Clock.GetUtcNow(), null), CancellationToken.None);
        if (what == Submit)
        {
            points.Arm();
            await SubmitAsync(rig, Submissions);
        }
        else
        {
            var ids = await SubmitAsync(rig, Deliveries);
            await rig.StartDeliveryAsync();
            await rig.WaitForAsync(ids[0], MessageStatus.Deferred);
            await rig.WaitForAsync(ids[1], MessageStatus.Sent);
        }

        Tell(points.Passed.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    /// <summary>The whole plugin on the folder's data, and beside its own keeper of tokens one whose store has the points: the provider's answer is there before the first of them.</summary>
    static async Task RenewAsync(string folder, FaultPoints points)
    {
        await using var host = await PluginHost.StartAsync(data: folder);
        var services = host.Services;
        var store = new TokenStore(new CountedDatabase(services.GetRequiredService<IDatabase>(), points));
        var vault = ActivatorUtilities.CreateInstance<TokenVault>(services, store);
        var keeper = ActivatorUtilities.CreateInstance<TokenKeeper>(services, vault);
        points.Arm();
        await keeper.RenewAsync(services.GetRequiredService<ISettingsSource>().Current.Settings.Transports[0]);
    }

    static async Task<List<string>> SubmitAsync(QueueRig rig, IReadOnlyList<SubmissionRequest> requests)
    {
        var results = await rig.Get<Submitter>().SubmitAsync(requests, Caller, CancellationToken.None);
        var ids = results.Select(result => result.Receipt!.Id).ToList();
        ids.ForEach(Tell);
        return ids;
    }

    static void Tell(string line)
    {
        Console.Out.Write(line + "\n");
        Console.Out.Flush();
    }

    static SubmissionRequest Request(string key, params string[] to) =>
        new(Some.Submission(to) with { Subject = key, Source = "crash" }, new(), new(Caller.Scope, key, System.Text.Encoding.UTF8.GetBytes(key)));
}

/// <param name="WasKilled">At its point; else it ran to its end.</param>
/// <param name="Acknowledged">Ids of the messages that it had acknowledged.</param>
/// <param name="Points">How many points there are, if it came to its end.</param>
internal sealed record CrashedRun(bool WasKilled, IReadOnlyList<string> Acknowledged, int Points);

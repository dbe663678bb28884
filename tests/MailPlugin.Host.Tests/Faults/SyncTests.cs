using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MailPlugin.Host.Tests.Mail;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>Killing a process says nothing about a power cut: that what was acknowledged is on the disk, and not only with the kernel, shows in the calls of the system.</summary>
public sealed partial class SyncTests
{
    const int Messages = 5;

    [ServerFact(Server.Strace)]
    public async Task The_database_is_synced_between_the_last_byte_written_and_each_202()
    {
        await using var host = await MailHost.StartAsync();

        // Nothing but submissions writes.
        var paused = await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true });
        Assert.True(paused.Status == 200, paused.Text);
        await host.SubmitUntilAcceptedAsync("warm");

        IReadOnlyList<string> calls;
        await using (var trace = await SystemCalls.AttachAsync(host.Process.Id, "pwrite64", "pwritev", "write", "writev", "sendmsg", "sendto", "recvmsg", "recvfrom", "read", "fdatasync", "fsync"))
        {
            for (var i = 0; i < Messages; i++)
            {
                Assert.Equal(202, (await host.SubmitAsync($"number {i}", length: 5_000)).Status);
            }

            calls = await trace.StopAsync();
        }

        Assert.Equal(Messages, FollowEach(calls, host.Data));
    }

    /// <summary>Reads the calls in order: how many 202 left, each after a sync that ended, with no write to the log behind the sync's beginning.</summary>
    static int FollowEach(IReadOnlyList<string> calls, string data)
    {
        var log = $"<{Path.Combine(data, "mail.db-wal")}>";
        var syncing = new Dictionary<string, bool>();
        var (written, synced, answered) = (0, false, 0);
        foreach (var call in calls)
        {
            var thread = call.Split(' ', 2)[0];
            if (Write().IsMatch(call) && call.Contains(log, StringComparison.Ordinal))
            {
                (written, synced) = (written + 1, false);

                // A sync under way may not have seen this.
                foreach (var other in syncing.Keys)
                {
                    syncing[other] = false;
                }
            }
            else if (Sync().IsMatch(call) && call.Contains(log, StringComparison.Ordinal))
            {
                syncing[thread] = true;
                synced |= Ended(call, thread);
            }
            else if (SyncResumed().IsMatch(call) && syncing.ContainsKey(thread))
            {
                synced |= Ended(call, thread);
            }
            else if (call.Contains("\"HTTP/1.1 202", StringComparison.Ordinal))
            {
                Assert.True(written > 0, $"A 202 left, and nothing was written since the one before:\n{string.Join('\n', calls)}");
                Assert.True(synced, $"A 202 left before the log was synced:\n{string.Join('\n', calls)}");
                (written, synced) = (0, false);
                answered++;
            }
        }

        return answered;

        bool Ended(string call, string thread) => call.EndsWith("= 0", StringComparison.Ordinal) && syncing.Remove(thread, out var whole) && whole;
    }

    [GeneratedRegex(@"^\d+ +(pwrite64|pwritev|write|writev)\(")]
    private static partial Regex Write();

    [GeneratedRegex(@"^\d+ +(fdatasync|fsync)\(")]
    private static partial Regex Sync();

    [GeneratedRegex(@"^\d+ +<\.\.\. (fdatasync|fsync) resumed>")]
    private static partial Regex SyncResumed();
}

using System.Diagnostics;
using System.Globalization;
using MailPlugin.Queue;
using MailPlugin.TestBed;
using Npgsql;

namespace MailPlugin.Benchmarks;

/// <summary>
/// P8 on PostgreSQL: what a claim costs beside a million finished messages, against a table that has only what waits; claims and outcomes in turn, so that dead rows are among it, as they are in a day's work.
/// And how the server keeps its tables: which updates stayed in their page, what is dead.
/// </summary>
internal static class FinishedRows
{
    const int Claims = 150;
    const int Of = 100;

    public static async Task RunAsync(Report report, PostgresBed bed, Effort effort)
    {
        var finished = effort.Of(1_000_000, 1_000);
        var empty = await MeasureAsync(bed, 0);
        var full = await MeasureAsync(bed, finished);
        report.Add("", "claim of 100 beside no finished message", "ms", empty.Claims);
        report.Add("P8", string.Create(CultureInfo.InvariantCulture, $"claim of 100 beside {finished:N0} finished messages"), "ms", full.Claims, "<= 10");
        report.Add("P8", "the same, p99", "ms", full.Claims.Quantile(0.99), "<= 10");
        report.Add("", "100 outcomes beside no finished message", "ms", empty.Outcomes);
        report.Add("", "100 outcomes beside the finished ones", "ms", full.Outcomes);
        report.Add("", "the search for what has expired, beside the finished ones", "ms", full.Expiry);
        foreach (var table in full.Tables)
        {
            report.Note(table);
        }
    }

    static async Task<(Samples Claims, Samples Outcomes, double Expiry, List<string> Tables)> MeasureAsync(PostgresBed bed, int finished)
    {
        using var folder = new TempFolder();
        var store = bed.NewStore();
        await using var rig = new QueueRig(folder.Of("data"), store: PostgresBed.Target(store));
        await using var sql = await PostgresBed.ConnectAsync(store);
        await FillAsync(sql, finished);
        await EnqueueAsync(rig, (Claims + 20) * Of);
        await RunAsync(sql, "analyze messages");
        var queue = rig.Get<IDeliveryQueue>();
        Samples claims = new(), outcomes = new();
        for (var token = -20; token < Claims; token++)
        {
            var now = TimeProvider.System.GetUtcNow();
            var clock = Stopwatch.StartNew();
            var claimed = await queue.ClaimAsync(new(now, new(token + 1000, now.AddMinutes(5)), [70, 20, 10], Of, _ => int.MaxValue, _ => int.MaxValue), CancellationToken.None);
            var claim = clock.Elapsed.TotalMilliseconds;
            if (claimed.Messages.Count != Of)
            {
                throw new InvalidOperationException($"{claimed.Messages.Count} were claimed.");
            }

            clock.Restart();
            await queue.RecordAsync([.. claimed.Messages.Select(message => Sent(message, now))], CancellationToken.None);
            if (token >= 0)
            {
                claims.Add(claim);
                outcomes.Add(clock.Elapsed.TotalMilliseconds);
            }
        }

        var expiry = Stopwatch.StartNew();
        await rig.Get<IMessageActs>().ExpireAsync(_ => false, 0, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        return (claims, outcomes, expiry.Elapsed.TotalMilliseconds, await TablesAsync(sql));
    }

    static MessageOutcome Sent(ClaimedMessage message, DateTimeOffset now) => new(message.Key, message.Lease.Token)
    {
        At = now,
        Due = now,
        Tries = 1,
        Changes = [new(0, RecipientState.Accepted, "250 2.0.0 Ok", "primary")],
        Attempts = [new(now, "primary", AttemptOutcome.Accepted, "250 2.0.0 Ok", 3, null, "first in order")],
    };

    static async Task EnqueueAsync(QueueRig rig, int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        var message = LoadMail.Of(1_024);
        for (var done = 0; done < count; done += 1_000)
        {
            await rig.Get<IOutbox>().EnqueueAsync(
                [.. Enumerable.Range(done, Math.Min(1_000, count - done)).Select(number => new NewMessage
                {
                    Id = MessageIdentity.New(now),
                    MessageId = $"<{number}@bench.example>",
                    CreatedAt = now,
                    ExpiresAt = now.AddDays(5),
                    Source = $"source{number % 10}",
                    Subject = $"Message {number}",
                    From = new(LoadMail.Sender),
                    Recipients = [new($"r{number % 50_000}@bench.example", RecipientKind.To)],
                    Header = message.AsMemory(0, 200),
                    Body = message.AsMemory(200),
                })],
                QueueQuota.None, CancellationToken.None);
        }
    }

    /// <summary>Rows as they are when everything was sent and the contents have gone.</summary>
    static Task FillAsync(NpgsqlConnection sql, int count) => count == 0 ? Task.CompletedTask : RunAsync(sql, string.Create(CultureInfo.InvariantCulture, $$"""
        insert into messages (id, message_id, status, lane, stream, created_at, expires_at, held_base, tries, flags, size, owner, subject, subject_key, from_address, recipients, attempts, last_transport)
        select '00' || lpad(n::text, 24, '0'), '<' || n || '@bench.example>', 3, 1, 'source' || n % 10 || E'\n', 0, 0, 0, 1, 0, 4096, '', 'Message ' || n, 'message ' || n, 's@bench.example',
          '[{"a":"r' || n % 50000 || '@bench.example","s":2,"r":"250 2.0.0 Ok","t":"primary","w":1}]', '[{"w":1,"t":"primary","r":"250 2.0.0 Ok","d":3,"y":"first in order"}]', 'primary'
        from generate_series(1, {{count}}) n
        """));

    static async Task<List<string>> TablesAsync(NpgsqlConnection sql)
    {
        // What the connections counted is told with a delay.
        await Task.Delay(TimeSpan.FromSeconds(2));
        var tables = new List<string>();
        await using var command = new NpgsqlCommand("""
            select relname, n_tup_upd, n_tup_hot_upd, n_live_tup, n_dead_tup, autovacuum_count from pg_stat_user_tables where schemaname = current_schema() and n_tup_upd > 0 order by n_tup_upd desc
            """, sql);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
        {
            tables.Add(string.Create(CultureInfo.InvariantCulture,
                $"`{row.GetString(0)}`: {row.GetInt64(1):N0} updates, {row.GetInt64(2):N0} of them within their page (HOT); {row.GetInt64(3):N0} rows alive, {row.GetInt64(4):N0} dead, {row.GetInt64(5)} times vacuumed by itself"));
        }

        return tables;
    }

    static async Task RunAsync(NpgsqlConnection sql, string text)
    {
        await using var command = new NpgsqlCommand(text, sql) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}

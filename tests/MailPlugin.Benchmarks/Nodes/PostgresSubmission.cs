using System.Collections.Concurrent;
using MailPlugin.Abstractions;
using MailPlugin.TestBed;
using Npgsql;

namespace MailPlugin.Benchmarks;

/// <summary>P6 on PostgreSQL: 64 callers submit in process, each waiting for its commit, against bare rows of the same bytes, a commit each, over 16 connections.</summary>
internal static class PostgresSubmission
{
    const int Connections = 16;

    public static async Task RunAsync(Report report, PostgresBed bed, Effort effort)
    {
        var count = effort.Of(64 * 200, 64);
        Samples ours = new(), bare = new(), late = new(), bareLate = new(), cpu = new(), server = new();
        for (var round = -1; round < effort.Rounds; round++)
        {
            var (bareCost, bareLatencies) = await BareAsync(bed, count);
            var before = await bed.CpuAsync();
            var (cost, latencies) = await SubmitAsync(bed, count);
            var serverCpu = (await bed.CpuAsync() - before) * 1000 / count;
            if (round < 0)
            {
                // The first of each is for the compiler.
                continue;
            }

            bare.Add(bareCost.Rate);
            bareLate.Add(bareLatencies.Quantile(0.99));
            ours.Add(cost.Rate);
            late.Add(latencies.Quantile(0.99));
            cpu.Add(cost.CpuMicroseconds);
            server.Add(serverCpu);
        }

        report.Add("", "bare row, a commit each, 4 KB, 64 callers, 16 connections", "messages/s", bare);
        report.Add("P6", "durable submission, 4 KB, 64 callers, a writing connection or two", "messages/s", ours);
        report.Add("P6", "submission / bare commits", "ratio", ours.Over(bare));
        report.Add("P6", "submission, p99", "ms", late);
        report.Add("", "bare commits, p99", "ms", bareLate);
        report.Add("", "submission, CPU of this process", "us/message", cpu);
        report.Add("", "submission, CPU of the server's connections that are left", "us/message", server);
    }

    static async Task<(Cost Cost, Samples Latencies)> SubmitAsync(PostgresBed bed, int count)
    {
        using var folder = new TempFolder();
        var target = PostgresBed.Target(bed.NewStore());
        await using var rig = new QueueRig(folder.Of("data"), store: target);
        var door = rig.Get<IMailSubmission>();
        var mail = DurableSubmission.Submission();
        var measured = await DurableSubmission.CallAsync(count, async () => _ = await door.SubmitAsync(mail));
        var stored = await rig.CountAsync();
        return stored == count ? measured : throw new InvalidOperationException($"{count} were acknowledged, {stored} are there.");
    }

    static async Task<(Cost Cost, Samples Latencies)> BareAsync(PostgresBed bed, int count)
    {
        var store = bed.NewStore();
        var pool = new ConcurrentBag<NpgsqlConnection>();
        using var free = new SemaphoreSlim(Connections);
        for (var i = 0; i < Connections; i++)
        {
            pool.Add(await PostgresBed.ConnectAsync(store));
        }

        var schema = new NpgsqlConnectionStringBuilder(store).SearchPath;
        pool.TryPeek(out var first);
        await using (var create = new NpgsqlCommand($"create schema {schema}; create table rows (key bigint generated always as identity primary key, bytes bytea not null)", first))
        {
            await create.ExecuteNonQueryAsync();
        }

        var bytes = LoadMail.Of(4096);
        var measured = await DurableSubmission.CallAsync(count, async () =>
        {
            await free.WaitAsync();
            pool.TryTake(out var connection);
            await using (var insert = new NpgsqlCommand("insert into rows (bytes) values ($1)", connection) { Parameters = { new() { Value = bytes } } })
            {
                await insert.ExecuteNonQueryAsync();
            }

            pool.Add(connection!);
            free.Release();
        });
        foreach (var connection in pool)
        {
            await connection.DisposeAsync();
        }

        return measured;
    }
}

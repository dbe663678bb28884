using System.Diagnostics;
using MailPlugin.Abstractions;
using MailPlugin.TestBed;

namespace MailPlugin.Benchmarks;

/// <summary>P6: 64 callers submit in process, each waiting until its message is on disk, against bare rows of the same bytes.</summary>
internal static class DurableSubmission
{
    const int Callers = 64;

    public static async Task RunAsync(Report report, Effort effort)
    {
        var rounds = effort.Rounds;
        var count = effort.Of(Callers * 400, Callers);
        Samples ours = new(), bare = new(), late = new(), bareLate = new(), cpu = new(), bareCpu = new(), allocated = new();
        for (var round = -1; round < rounds; round++)
        {
            var (bareCost, bareLatencies) = await BareAsync(count);
            var (cost, latencies) = await SubmitAsync(count);
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
            bareCpu.Add(bareCost.CpuMicroseconds);
            allocated.Add(cost.AllocatedBytes);
        }

        report.Add("", "bare one-row group commit, 4 KB, 64 callers", "messages/s", bare);
        report.Add("P6", "durable submission, 4 KB, 64 callers", "messages/s", ours);
        report.Add("P6", "submission / bare commit", "ratio", ours.Over(bare), ">= 0.35");
        report.Add("P6", "submission, p99", "ms", late, "<= 20");
        report.Add("", "bare commit, p99", "ms", bareLate);
        report.Add("", "bare commit, CPU", "us/message", bareCpu);
        report.Add("", "submission, CPU", "us/message", cpu);
        await SubmissionParts.RunAsync(report, Submission(), effort);
        report.Add("", "submission, allocated", "bytes/message", allocated);
        report.Note("P6: after each round the database was opened again and held every message that was acknowledged.");
    }

    static async Task<(Cost Cost, Samples Latencies)> SubmitAsync(int count)
    {
        using var folder = new TempFolder();
        Cost cost;
        Samples latencies;
        await using (var rig = new QueueRig(folder.Of("data")))
        {
            var door = rig.Get<IMailSubmission>();
            var mail = Submission();
            (cost, latencies) = await CallAsync(count, async () => _ = await door.SubmitAsync(mail));
        }

        await using var again = new QueueRig(folder.Of("data"));
        var stored = await again.CountAsync();
        return stored == count ? (cost, latencies) : throw new InvalidOperationException($"{count} were acknowledged, {stored} are on disk.");
    }

    static async Task<(Cost Cost, Samples Latencies)> BareAsync(int count)
    {
        using var folder = new TempFolder();
        await using var rows = new BareCommit(folder.Of("bare.db"));
        var bytes = LoadMail.Of(4096);
        return await CallAsync(count, () => rows.WriteAsync(bytes));
    }

    internal static MailSubmission Submission() => new()
    {
        From = new(LoadMail.Sender),
        To = [new(LoadMail.Recipient)],
        Subject = "load",
        Text = LoadMail.Text(3_700),
    };

    internal static async Task<(Cost Cost, Samples Latencies)> CallAsync(int count, Func<Task> call)
    {
        var times = new double[count];
        var next = -1;
        var cost = await Cost.OfAsync(async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
            {
                while (Interlocked.Increment(ref next) is var place && place < count)
                {
                    var begun = Stopwatch.GetTimestamp();
                    await call();
                    times[place] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
                }
            })));
            return count;
        });
        var latencies = new Samples();
        Array.ForEach(times, latencies.Add);
        return (cost, latencies);
    }
}

using System.Diagnostics;

namespace MailPlugin.Benchmarks;

/// <summary>What some messages cost this process.</summary>
internal readonly record struct Cost(int Messages, TimeSpan Elapsed, TimeSpan Cpu, long Allocated)
{
    public double Rate => Messages / Elapsed.TotalSeconds;

    public double CpuMicroseconds => Cpu.TotalMicroseconds / Messages;

    public double AllocatedBytes => (double)Allocated / Messages;

    /// <summary>Measures a run that says how many messages it moved.</summary>
    public static async Task<Cost> OfAsync(Func<Task<int>> run)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var messages = await run();
        return new(messages, clock.Elapsed, Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes(precise: true) - allocated);
    }
}

using System.Diagnostics;

namespace MailPlugin.Benchmarks;

/// <summary>What a call costs that does nothing but compute: calls in a second of CPU time, so that nobody else on the machine is measured, and bytes a call.</summary>
internal static class Turn
{
    public static (double Rate, double Bytes) Measure(Action action, TimeSpan turn)
    {
        var calls = 0;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        do
        {
            for (var i = 0; i < 16; i++)
            {
                action();
            }

            calls += 16;
        }
        while (clock.Elapsed < turn);

        var used = Environment.CpuUsage.TotalTime - cpu;
        return (calls / used.TotalSeconds, (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / calls);
    }
}

using System.Diagnostics;

namespace MailPlugin.Tests.Crash;

/// <summary>Counts the points that a process passes, and kills it with SIGKILL at one of them: nothing is flushed, closed or rolled back.</summary>
internal sealed class FaultPoints(int at)
{
    int _passed;
    volatile bool _armed;

    public int Passed => Volatile.Read(ref _passed);

    public void Arm() => _armed = true;

    public void Pass()
    {
        if (_armed && Interlocked.Increment(ref _passed) == at)
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();

            // The signal takes a moment; nothing more is to happen in it.
            using var never = new ManualResetEventSlim();
            never.Wait();
        }
    }
}

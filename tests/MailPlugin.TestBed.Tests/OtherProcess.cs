using System.Diagnostics;

namespace MailPlugin.TestBed.Tests;

/// <summary>Starts this program a second time.</summary>
static class OtherProcess
{
    public static Process Start(string mode, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(OtherProcess).Assembly.Location, mode]) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}

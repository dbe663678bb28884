using System.Diagnostics;

namespace MailPlugin.TestBed;

/// <summary>Some servers start as root only: as root directly, as another user through a sudo that asks nothing.</summary>
static class Elevation
{
    static readonly Lazy<bool> Sudo = new(() => !Environment.IsPrivilegedProcess && Works("sudo", "-n", "true"));
    static readonly Lazy<bool> Unshare = new(() => Environment.IsPrivilegedProcess ? Works("unshare", "-m", "true") : Works("sudo", "-n", "unshare", "-m", "true"));

    /// <summary>Whether something can be run as root.</summary>
    public static bool Possible => OperatingSystem.IsLinux() && (Environment.IsPrivilegedProcess || Sudo.Value);

    /// <summary>Whether root may have mounts of its own here; a container often forbids it.</summary>
    public static bool CanUnshare => Unshare.Value;

    /// <summary>The numeric id of the user that the tests run as.</summary>
    public static string UserId => File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[2];

    /// <summary>A command line that runs the given one in a session of its own, so that a terminal's signals do not reach it.</summary>
    public static ProcessStartInfo Command(bool asRoot, params IEnumerable<string> words)
    {
        // sudo makes a session itself, and setsid below it would leave sudo without a child to wait for.
        var prefix = asRoot && !Environment.IsPrivilegedProcess ? new[] { "sudo", "-n", "--" } : ["setsid"];
        var all = prefix.Concat(words).ToArray();
        return new ProcessStartInfo(all[0], all[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
    }

    static bool Works(string name, params IEnumerable<string> arguments)
    {
        if (Programs.Find(name) is not { } program)
        {
            return false;
        }

        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true })!;
        return process.WaitForExit(TimeSpan.FromSeconds(10)) && process.ExitCode == 0;
    }
}

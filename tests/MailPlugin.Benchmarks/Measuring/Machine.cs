using System.Globalization;

namespace MailPlugin.Benchmarks;

/// <summary>What the kernel says of the machine and of processes.</summary>
internal static class Machine
{
    /// <summary>The load average of the last minute.</summary>
    public static double Load() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    /// <summary>A memory figure of a process in MB: <c>VmRSS</c> now, <c>VmHWM</c> its peak.</summary>
    public static double Memory(int process, string figure = "VmRSS")
    {
        var line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(figure, StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024.0;
    }

    /// <summary>CPU time of a process in milliseconds, in the kernel's steps of ten.</summary>
    public static double Cpu(int process)
    {
        // The name, in brackets, may have blanks; behind it user and system time are the 12th and 13th field.
        var text = File.ReadAllText($"/proc/{process}/stat");
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * 10.0;
    }

    /// <summary>Bytes of a database with what SQLite keeps beside it.</summary>
    public static long SizeOf(string database) =>
        new[] { database, database + "-wal" }.Where(File.Exists).Sum(file => new FileInfo(file).Length);
}

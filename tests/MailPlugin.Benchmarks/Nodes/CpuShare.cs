using System.Globalization;

namespace MailPlugin.Benchmarks;

/// <summary>
/// Confines a process to a part of one core, as if it had a small machine of its own: nodes that share the cores of one machine take time from each other that they would not take in use. By a control
/// group, which needs root and Linux.
/// </summary>
internal sealed class CpuShare : IDisposable
{
    const int PeriodMicroseconds = 20_000;
    const string First = "/sys/fs/cgroup/cpu";
    const string Second = "/sys/fs/cgroup";

    readonly string _folder;
    readonly string _outside;

    CpuShare(string folder, string outside) => (_folder, _outside) = (folder, outside);

    /// <returns>Null: this machine does not let itself be divided.</returns>
    public static CpuShare? Confine(int process, double cores)
    {
        var isFirst = Directory.Exists(First);
        var root = isFirst ? First : Second;
        var share = new CpuShare(Path.Combine(root, string.Create(CultureInfo.InvariantCulture, $"mailplugin-{process}")), root);
        var quota = ((int)(cores * PeriodMicroseconds)).ToString(CultureInfo.InvariantCulture);
        var period = PeriodMicroseconds.ToString(CultureInfo.InvariantCulture);
        try
        {
            Directory.CreateDirectory(share._folder);
            if (isFirst)
            {
                File.WriteAllText(share.Of("cpu.cfs_period_us"), period);
                File.WriteAllText(share.Of("cpu.cfs_quota_us"), quota);
            }
            else
            {
                File.WriteAllText(share.Of("cpu.max"), $"{quota} {period}");
            }

            Move(share._folder, process);
            return share;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            share.Dispose();
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            foreach (var process in File.ReadAllLines(Of("cgroup.procs")))
            {
                Move(_outside, int.Parse(process, CultureInfo.InvariantCulture));
            }

            Directory.Delete(_folder);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The next start of the machine forgets it.
        }
    }

    string Of(string name) => Path.Combine(_folder, name);

    static void Move(string folder, int process) => File.WriteAllText(Path.Combine(folder, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));
}

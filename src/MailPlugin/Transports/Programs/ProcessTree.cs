using System.Globalization;
using System.Text;

namespace MailPlugin.Transports.Programs;

/// <summary>
/// All that came of one program: its session, and whatever made a session of its own while its parent was still there. Who is meant is written down before anything is
/// killed, because an orphan no longer shows whose child it was.
/// </summary>
internal sealed class ProcessTree(int leader)
{
    static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly Dictionary<int, long> _members = [];

    /// <summary>Asks politely (a mailer tidies its queue file then), and a second later does not ask. Returns when nothing is left.</summary>
    public async Task EndAsync(Task ended, TimeProvider clock)
    {
        Signal(Libc.SignalTerminate);
        var begun = clock.GetTimestamp();
        while (clock.GetElapsedTime(begun) < Courtesy && (!ended.IsCompleted || AnyLeft()))
        {
            await Task.Delay(Look, clock);
        }

        // Those that were just made are found by the next look.
        while (AnyLeft() && clock.GetElapsedTime(begun) < Courtesy + Patience)
        {
            Signal(Libc.SignalKill);
            await Task.Delay(Look, clock);
        }
    }

    void Signal(int signal)
    {
        Collect();
        _ = Libc.Kill(-leader, signal);
        foreach (var (id, startedAt) in _members)
        {
            // A number is given to another process some day: the time of its start tells them apart.
            if (Read(id) is { } process && process.StartedAt == startedAt)
            {
                _ = Libc.Kill(id, signal);
            }
        }
    }

    bool AnyLeft()
    {
        Collect();
        return _members.Any(member => Read(member.Key) is { IsDead: false } process && process.StartedAt == member.Value);
    }

    void Collect()
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<Entry>().ToList();
        bool found;
        do
        {
            found = false;
            foreach (var process in all)
            {
                if (process.Session == leader || process.Id == leader || _members.ContainsKey(process.Parent))
                {
                    found |= _members.TryAdd(process.Id, process.StartedAt);
                }
            }
        }
        while (found);
    }

    static Entry? Read(int id)
    {
        try
        {
            // The name stands in brackets and may itself have brackets and blanks: what counts comes behind the last.
            var text = File.ReadAllText($"/proc/{id}/stat", Encoding.Latin1);
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new(id, Number(fields[1]), Number(fields[3]), long.Parse(fields[19], CultureInfo.InvariantCulture), fields[0] is "Z" or "X");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    sealed record Entry(int Id, int Parent, int Session, long StartedAt, bool IsDead);
}

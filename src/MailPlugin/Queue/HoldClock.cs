using System.Globalization;

namespace MailPlugin.Queue;

/// <summary>
/// Measures for how long mail was held through no fault of its own (switched off, paused, every transport that it may use suspended). A message remembers what the clock said when it came;
/// its expiry moves by what the clock has gone on since.
/// </summary>
internal sealed class HoldClock(IQueueState state)
{
    /// <summary>Nothing may leave at all.</summary>
    public const string Everything = "*";

    /// <summary>What is bound to no transport may not leave.</summary>
    public const string AnyTransport = "";

    const string Name = "delivery.holds";

    readonly Lock _lock = new();
    Dictionary<string, Hold> _holds = new(StringComparer.Ordinal);

    /// <summary>Whether the store has what is here: a change that could not be written is written with the next look.</summary>
    bool _isWritten = true;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var text = await state.ReadAsync(Name, cancellationToken);
        lock (_lock)
        {
            (_holds, _isWritten) = (Parse(text), true);
        }
    }

    /// <summary>What the clock says for messages of this route: bound to one transport, or to none.</summary>
    public TimeSpan Total(string route, DateTimeOffset now)
    {
        lock (_lock)
        {
            return At(Everything, now) + At(route, now);
        }
    }

    /// <summary>When a message really ends.</summary>
    public DateTimeOffset Effective(DateTimeOffset expiresAt, TimeSpan heldBase, string route, DateTimeOffset now)
    {
        var held = Total(route, now) - heldBase;
        return held > TimeSpan.Zero && expiresAt < DateTimeOffset.MaxValue - held ? expiresAt + held : expiresAt;
    }

    /// <summary>Says what is held from now on; everything else goes on. One caller at a time.</summary>
    public async Task UpdateAsync(IEnumerable<string> held, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string? unwritten;
        lock (_lock)
        {
            var wanted = held.ToHashSet(StringComparer.Ordinal);
            foreach (var route in wanted.Where(route => _holds.GetValueOrDefault(route) is not { Since: not null }))
            {
                _holds[route] = new(_holds.GetValueOrDefault(route)?.Total ?? TimeSpan.Zero, now);
                _isWritten = false;
            }

            foreach (var (route, hold) in _holds.Where(pair => pair.Value.Since is not null && !wanted.Contains(pair.Key)).ToList())
            {
                _holds[route] = new(At(route, now), null);
                _isWritten = false;
            }

            unwritten = _isWritten ? null : Text();
        }

        if (unwritten is not null)
        {
            await state.WriteAsync(Name, unwritten, cancellationToken);
            lock (_lock)
            {
                _isWritten = true;
            }
        }
    }

    TimeSpan At(string route, DateTimeOffset now) => _holds.GetValueOrDefault(route) is not { } hold ? TimeSpan.Zero
        : hold.Since is { } since && now > since ? hold.Total + (now - since)
        : hold.Total;

    string Text() => string.Join('\n', _holds.Select(pair => string.Create(
        CultureInfo.InvariantCulture, $"{pair.Key}\t{(long)pair.Value.Total.TotalMilliseconds}\t{pair.Value.Since?.ToUnixTimeMilliseconds()}")));

    static Dictionary<string, Hold> Parse(string? text) => (text ?? "").Split('\n')
        .Select(line => line.Split('\t'))
        .Where(fields => fields.Length == 3)
        .ToDictionary(
            fields => fields[0],
            fields => new Hold(
                TimeSpan.FromMilliseconds(long.Parse(fields[1], CultureInfo.InvariantCulture)),
                fields[2].Length == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(fields[2], CultureInfo.InvariantCulture))),
            StringComparer.Ordinal);

    sealed record Hold(TimeSpan Total, DateTimeOffset? Since);
}

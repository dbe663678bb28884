namespace MailPlugin.Transports.Smtp;

/// <summary>Sessions between uses. Relays end idle ones after minutes; they are ended here long before.</summary>
internal sealed class SessionShelf : IAsyncDisposable
{
    static readonly TimeSpan MaxIdle = TimeSpan.FromSeconds(15);

    readonly TimeProvider _clock;
    readonly Stack<(RelaySession Session, DateTimeOffset Since)> _idle = new();
    readonly ITimer _sweep;
    bool _closed;

    public SessionShelf(TimeProvider clock)
    {
        _clock = clock;
        _sweep = clock.CreateTimer(_ => Sweep(), null, MaxIdle, MaxIdle);
    }

    /// <summary>The one used last, as long as it is alive.</summary>
    public RelaySession? Take()
    {
        lock (_idle)
        {
            while (_idle.TryPop(out var kept))
            {
                if (kept.Session.Session.IsUsable && _clock.GetUtcNow() - kept.Since < MaxIdle)
                {
                    return kept.Session;
                }

                _ = kept.Session.EndAsync();
            }
        }

        return null;
    }

    public void Put(RelaySession session)
    {
        lock (_idle)
        {
            if (!_closed)
            {
                _idle.Push((session, _clock.GetUtcNow()));
                return;
            }
        }

        _ = session.EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _sweep.DisposeAsync();
        List<RelaySession> rest;
        lock (_idle)
        {
            _closed = true;
            rest = [.. _idle.Select(kept => kept.Session)];
            _idle.Clear();
        }

        await Task.WhenAll(rest.Select(session => session.EndAsync()));
    }

    void Sweep()
    {
        lock (_idle)
        {
            var fresh = _idle.Where(kept => _clock.GetUtcNow() - kept.Since < MaxIdle).Reverse().ToList();
            foreach (var (session, _) in _idle.Except(fresh))
            {
                _ = session.EndAsync();
            }

            _idle.Clear();
            fresh.ForEach(_idle.Push);
        }
    }
}

namespace MailPlugin.Delivery;

/// <summary>
/// Whether a transport may be used: a circuit breaker. After a few failures in a row it opens; when its time is over one message goes as a probe, whose success closes it.
/// A settings fault opens it at once and for longer. Its waits are elapsed time: a clock that is set makes them neither longer nor shorter. Thread-safe.
/// </summary>
internal sealed class TransportHealth(TimeProvider clock)
{
    const int FailuresToOpen = 3;
    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(20);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    static readonly TimeSpan SuspendedPause = TimeSpan.FromMinutes(15);
    static readonly TimeSpan ProbeGivenUp = TimeSpan.FromMinutes(15);

    readonly Lock _lock = new();

    TransportCondition _condition = TransportCondition.Healthy;
    DateTimeOffset _since = clock.GetUtcNow();
    long? _acceptedAt;
    long _pausedAt;
    TimeSpan _pausedFor;
    long? _probeAt;
    TimeSpan _pause = FirstPause;
    int _failures;
    string? _reason;
    TransportError? _lastError;

    /// <summary>Raised when it may be used again, or no longer.</summary>
    public event Action? Changed;

    /// <summary>What may be sent now: nothing, one probe, or as much as there is room for.</summary>
    public TransportAccess Access
    {
        get
        {
            lock (_lock)
            {
                return AccessNow();
            }
        }
    }

    /// <summary>How long ago it took mail; null when it has not, or was changed since.</summary>
    public TimeSpan? SinceAccepted
    {
        get
        {
            lock (_lock)
            {
                return _acceptedAt is { } at ? clock.GetElapsedTime(at) : null;
            }
        }
    }

    /// <summary>How long until a probe may go; null when it is in use, or a probe is under way.</summary>
    public TimeSpan? ProbeIn
    {
        get
        {
            lock (_lock)
            {
                return _condition == TransportCondition.Healthy || _probeAt is not null ? null : PauseLeft;
            }
        }
    }

    /// <summary>Asks to send one message. Where only a probe is allowed, whoever is told so is the probe.</summary>
    public TransportAccess Enter()
    {
        lock (_lock)
        {
            var access = AccessNow();
            if (access == TransportAccess.Probe)
            {
                _probeAt = clock.GetTimestamp();
            }

            return access;
        }
    }

    public void Succeeded()
    {
        bool changed;
        lock (_lock)
        {
            changed = _condition != TransportCondition.Healthy;
            _acceptedAt = clock.GetTimestamp();
            Close();
        }

        Tell(changed);
    }

    /// <summary>The relay answered, though not with an acceptance: what it refuses is the message.</summary>
    public void Answered()
    {
        bool changed;
        lock (_lock)
        {
            changed = _condition != TransportCondition.Healthy;
            Close();
        }

        Tell(changed);
    }

    /// <param name="ofProbe">It was the probe that failed. What failed beside it was under way before, and proves nothing new.</param>
    public void Failed(string? reason, bool settings, bool ofProbe = false)
    {
        bool changed;
        lock (_lock)
        {
            var now = clock.GetUtcNow();
            _lastError = new(now, reason ?? "");
            _failures++;
            _probeAt = ofProbe ? null : _probeAt;
            var before = _condition;
            if (settings)
            {
                Open(TransportCondition.Suspended, reason, now, SuspendedPause);
            }
            else if (_condition == TransportCondition.Suspended)
            {
                // A probe that did not get as far as the fault proves nothing about the settings.
                if (ofProbe)
                {
                    Pause(SuspendedPause);
                }
            }
            else if (_condition == TransportCondition.Degraded ? ofProbe : _failures >= FailuresToOpen)
            {
                Open(TransportCondition.Degraded, reason, now, _pause);
                _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            }

            changed = _condition != before;
        }

        Tell(changed);
    }

    /// <summary>The probe was called back before it could tell.</summary>
    public void ProbeReleased()
    {
        lock (_lock)
        {
            _probeAt = null;
        }
    }

    /// <summary>Someone says that it is mended, or its settings changed.</summary>
    public void Resume()
    {
        bool changed;
        lock (_lock)
        {
            changed = _condition != TransportCondition.Healthy;
            Close();
            _acceptedAt = null;
        }

        Tell(changed);
    }

    public TransportReport Report()
    {
        lock (_lock)
        {
            return new(_condition, _since, _reason, _lastError);
        }
    }

    TimeSpan PauseLeft => _pausedFor - clock.GetElapsedTime(_pausedAt);

    void Pause(TimeSpan time) => (_pausedAt, _pausedFor) = (clock.GetTimestamp(), time);

    TransportAccess AccessNow()
    {
        if (_condition == TransportCondition.Healthy)
        {
            return TransportAccess.Open;
        }

        if (_probeAt is { } at && clock.GetElapsedTime(at) < ProbeGivenUp)
        {
            return TransportAccess.Closed;
        }

        return PauseLeft <= TimeSpan.Zero ? TransportAccess.Probe : TransportAccess.Closed;
    }

    void Open(TransportCondition condition, string? reason, DateTimeOffset now, TimeSpan pause)
    {
        if (_condition != condition)
        {
            (_condition, _since) = (condition, now);
        }

        _reason = reason;
        Pause(pause);
    }

    void Close()
    {
        if (_condition != TransportCondition.Healthy)
        {
            (_condition, _since, _reason) = (TransportCondition.Healthy, clock.GetUtcNow(), null);
        }

        _failures = 0;
        _pause = FirstPause;
        _probeAt = null;
    }

    void Tell(bool changed)
    {
        if (changed)
        {
            Changed?.Invoke();
        }
    }
}

internal enum TransportCondition
{
    Healthy,

    /// <summary>It cannot be reached; probed now and then.</summary>
    Degraded,

    /// <summary>Its settings are wrong; waits for an administrator, and is probed now and then.</summary>
    Suspended,
}

internal enum TransportAccess
{
    Closed,
    Probe,
    Open,
}

internal sealed record TransportReport(TransportCondition Condition, DateTimeOffset Since, string? Reason, TransportError? LastError);

internal sealed record TransportError(DateTimeOffset At, string Text);

namespace MailPlugin.Delivery;

/// <summary>How many messages a minute a transport may take: a bucket that fills evenly and holds a tenth of a minute's worth, so that a pause is not followed by a flood.</summary>
internal sealed class RateGate(double perMinute, TimeProvider clock)
{
    readonly Lock _lock = new();
    readonly double _capacity = Math.Max(1, perMinute / 10.0);
    double _tokens = Math.Max(1, perMinute / 10.0);
    long _filledAt = clock.GetTimestamp();

    public double PerMinute { get; } = perMinute;

    public int Available
    {
        get
        {
            lock (_lock)
            {
                Fill();
                return (int)_tokens;
            }
        }
    }

    /// <summary>Takes one, or says how long until there is one.</summary>
    public TimeSpan Take()
    {
        lock (_lock)
        {
            Fill();
            if (_tokens >= 1)
            {
                _tokens--;
                return TimeSpan.Zero;
            }

            return TimeSpan.FromMinutes((1 - _tokens) / PerMinute) + TimeSpan.FromMilliseconds(1);
        }
    }

    /// <summary>Gives one back that was taken for a message which did not go.</summary>
    public void GiveBack()
    {
        lock (_lock)
        {
            _tokens = Math.Min(_capacity, _tokens + 1);
        }
    }

    void Fill()
    {
        var now = clock.GetTimestamp();
        _tokens = Math.Min(_capacity, _tokens + (clock.GetElapsedTime(_filledAt, now).TotalMinutes * PerMinute));
        _filledAt = now;
    }
}

using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>Says in the log that the queue cannot be read: when it begins, then once a minute for as long as it lasts, and when it is over. The worker's own.</summary>
internal sealed partial class QueueOutage(TimeProvider clock, ILogger<QueueOutage> logger)
{
    static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    long? _since;
    long _toldAt;

    public void Failed(string reason)
    {
        var now = clock.GetTimestamp();
        if (_since is null || clock.GetElapsedTime(_toldAt, now) >= Every)
        {
            _since ??= now;
            _toldAt = now;
            LogUnavailable(reason);
        }
    }

    /// <summary>It is not asked for: how long it stays away is not known.</summary>
    public void NotAsked() => _since = null;

    /// <summary>It was read.</summary>
    public void Succeeded()
    {
        if (_since is { } since)
        {
            _since = null;
            var time = clock.GetElapsedTime(since);
            LogBack(time);
        }
    }

    [LoggerMessage(EventId = 2002, Level = LogLevel.Error, Message = "The queue cannot be read: {Reason}")]
    partial void LogUnavailable(string reason);

    [LoggerMessage(EventId = 2008, Level = LogLevel.Information, Message = "The queue is read again, after {Time}")]
    partial void LogBack(TimeSpan time);
}

namespace MailPlugin.Submission;

/// <summary>Whether the disk under the queue is nearly full; asked of the system at most once a second.</summary>
internal sealed class DiskGauge(string folder, SubmissionLimits limits, TimeProvider clock)
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    readonly Lock _lock = new();
    long? _lookedAt;
    bool _low;

    public bool IsLow
    {
        get
        {
            lock (_lock)
            {
                if (_lookedAt is not { } at || clock.GetElapsedTime(at) > Fresh)
                {
                    _low = FreeBytes() < limits.DiskFloor;
                    _lookedAt = clock.GetTimestamp();
                }

                return _low;
            }
        }
    }

    long FreeBytes()
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // What cannot be measured stops nobody: the commit will tell.
            return long.MaxValue;
        }
    }
}

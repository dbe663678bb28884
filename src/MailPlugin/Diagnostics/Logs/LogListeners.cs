namespace MailPlugin.Diagnostics.Logs;

/// <summary>Bounds how many follow the log at once: each holds a connection and an open file.</summary>
internal sealed class LogListeners
{
    public const int Most = 16;

    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    int _count;

    /// <summary>A place, to be given back by disposing of it; null when there is none.</summary>
    public IDisposable? Enter()
    {
        if (Interlocked.Increment(ref _count) <= Most)
        {
            return new Seat(this);
        }

        Interlocked.Decrement(ref _count);
        return null;
    }

    sealed class Seat(LogListeners listeners) : IDisposable
    {
        int _isFree;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isFree, 1) == 0)
            {
                Interlocked.Decrement(ref listeners._count);
            }
        }
    }
}

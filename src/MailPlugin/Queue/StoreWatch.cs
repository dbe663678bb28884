namespace MailPlugin.Queue;

/// <summary>
/// Whether what the queue wrote got through. A store may have room for a word and none for a message, so a failure counts until a write of at least its size has succeeded; or for a quarter
/// of an hour, in case nobody sends the like again. Thread-safe.
/// </summary>
internal sealed class StoreWatch(TimeProvider clock)
{
    static readonly TimeSpan Remembered = TimeSpan.FromMinutes(15);

    volatile Failure? _failure;
    volatile string? _damage;

    /// <summary>Why a write failed; null when nothing is wrong.</summary>
    public string? Trouble => _damage ?? Remember(_failure)?.Reason;

    /// <summary>Something cannot be written however much else can: nothing else that succeeds proves it mended.</summary>
    public void Damaged(string what) => _damage = what;

    /// <summary>It was written after all.</summary>
    public void Mended() => _damage = null;

    /// <summary>A failure of less does not hide one of more: what has room for the smaller may still have none for the larger.</summary>
    public void Failed(long bytes, string reason)
    {
        Failure? before;
        do
        {
            before = _failure;
        }
        while (Interlocked.CompareExchange(ref _failure, new(Math.Max(bytes, Remember(before)?.Bytes ?? 0), reason, clock.GetTimestamp()), before) != before);
    }

    public void Succeeded(long bytes)
    {
        if (_failure is { } failure && bytes >= failure.Bytes)
        {
            Interlocked.CompareExchange(ref _failure, null, failure);
        }
    }

    Failure? Remember(Failure? failure) => failure is not null && clock.GetElapsedTime(failure.At) < Remembered ? failure : null;

    sealed record Failure(long Bytes, string Reason, long At);
}

namespace MailPlugin.Queue;

/// <summary>
/// Whether what the queue wrote got through. A store may have room for a word and none for a message, so a failure counts until a write of at least its size has succeeded; or for a quarter
/// of an hour, in case nobody sends the like again. Thread-safe.
/// </summary>
internal sealed class StoreWatch(TimeProvider clock)
{
    static readonly TimeSpan Remembered = TimeSpan.FromMinutes(15);

    volatile Failure? _failure;

    /// <summary>Why a write failed; null when nothing is wrong.</summary>
    public string? Trouble => _failure is { } failure && clock.GetElapsedTime(failure.At) < Remembered ? failure.Reason : null;

    public void Failed(long bytes, string reason) => _failure = new(bytes, reason, clock.GetTimestamp());

    public void Succeeded(long bytes)
    {
        if (_failure is { } failure && bytes >= failure.Bytes)
        {
            Interlocked.CompareExchange(ref _failure, null, failure);
        }
    }

    sealed record Failure(long Bytes, string Reason, long At);
}

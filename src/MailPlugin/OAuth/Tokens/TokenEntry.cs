using MailPlugin.Security.Secrets;

namespace MailPlugin.OAuth.Tokens;

/// <summary>What is known of one binding.</summary>
internal sealed class TokenEntry(string binding)
{
    volatile Look? _look;
    volatile int _failures;

    public string Binding { get; } = binding;

    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>The relay did not take it, whatever its age.</summary>
    public Secret? Refused { get; set; }

    /// <summary>What the store could not take yet.</summary>
    public (string Transport, StoredToken Token)? Unsaved { get; set; }

    public TimeSpan ClockOffset { get; set; }

    /// <summary>How often the provider did not answer.</summary>
    public int Failures => _failures;

    /// <summary>Why it last did not.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Whatever its age.</summary>
    public StoredToken? Last => _look?.Token;

    public StoredToken? Current(DateTimeOffset now, TimeSpan age) => _look is { } look && now - look.At < age && now >= look.At ? look.Token : null;

    public void Fail(string reason)
    {
        Trouble = reason;
        Interlocked.Increment(ref _failures);
    }

    public void Adopt(StoredToken? token, DateTimeOffset at) => _look = new(token, at);

    sealed record Look(StoredToken? Token, DateTimeOffset At);
}

namespace MailPlugin.Queue;

/// <summary>What is to be written of a claimed message.</summary>
/// <param name="Key">The message.</param>
/// <param name="Token">The lease under which it was sent.</param>
internal sealed record MessageOutcome(long Key, long Token)
{
    public IReadOnlyList<RecipientChange> Changes { get; init; } = [];

    public IReadOnlyList<Attempt> Attempts { get; init; } = [];

    /// <summary>When what is still open may be claimed again. Null with an open recipient: the lease stays, more is to come.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>How often it was deferred, this time included.</summary>
    public int Tries { get; init; }

    /// <summary>Recipients whose addresses do not exist, said the relay.</summary>
    public IReadOnlyList<Suppression> Suppressions { get; init; } = [];

    public required DateTimeOffset At { get; init; }
}

/// <param name="Index">The recipient's place in its message.</param>
internal sealed record RecipientChange(int Index, RecipientState State, string? Reply, string? Transport);

/// <summary>An address to which nothing is sent.</summary>
/// <param name="Source"><c>relay</c>, or who put it there.</param>
internal sealed record Suppression(string Address, string Reason, string Source, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt);

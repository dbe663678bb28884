namespace MailPlugin.Queue;

/// <summary>What people do to messages. Each act is one commit, or refuses because of the state that it finds.</summary>
internal interface IMessageActs
{
    /// <summary>Makes a message due now. Recipients that failed or expired are opened again, with a new end; what was handed over stays handed over.</summary>
    Task<ActResult> RetryAsync(string id, RetryTerms terms, CancellationToken cancellationToken);

    /// <summary>The same for those of a page; those that cannot be retried are left alone.</summary>
    /// <returns>How many were, or would be.</returns>
    Task<int> RetryManyAsync(IReadOnlyCollection<string> ids, RetryTerms terms, bool dryRun, CancellationToken cancellationToken);

    /// <summary>Ends what is not handed over. While it is being sent, what the relay has not taken when the attempt ends is canceled.</summary>
    Task<ActResult> CancelAsync(string id, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets an address: in recipients, replies, transcripts, the search and the suppressions; contents that name it go when their messages are finished. What is open for it is canceled.</summary>
    /// <returns>How many messages named it.</returns>
    Task<int> EraseAsync(string address, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Ends what nobody claims because its transport is down.</summary>
    /// <param name="isOver">Whether this message's time is over.</param>
    /// <param name="after">The key behind which to look.</param>
    Task<ExpiryStep> ExpireAsync(Func<WaitingMessage, bool> isOver, long after, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <param name="Now">When.</param>
/// <param name="ExpiresAt">The new end for what has ended.</param>
/// <param name="HeldTotal">What the hold clock says now for a route.</param>
internal sealed record RetryTerms(DateTimeOffset Now, DateTimeOffset ExpiresAt, Func<string, TimeSpan> HeldTotal);

/// <param name="Last">The last key looked at; null at the end.</param>
internal sealed record ExpiryStep(long? Last, IReadOnlyList<ExpiredMessage> Expired);

/// <param name="Count">Its recipients, with those that had ended before.</param>
/// <param name="Recipients">Those that expired, with their places.</param>
internal sealed record ExpiredMessage(string Id, string MessageId, string Source, DateTimeOffset At, int Count, IReadOnlyList<(int Place, Recipient Recipient)> Recipients);

internal sealed record WaitingMessage(string Transport, DateTimeOffset ExpiresAt, TimeSpan HeldBase);

internal enum ActResult
{
    Done,

    /// <summary>It is being sent: what can still be stopped will be.</summary>
    Requested,
    NotFound,
    WrongState,
}

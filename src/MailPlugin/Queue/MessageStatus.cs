namespace MailPlugin.Queue;

/// <summary>A message's status: what its recipients' states come to. The numbers are stored.</summary>
internal enum MessageStatus
{
    Queued = 0,
    Sending = 1,
    Deferred = 2,
    Sent = 3,
    Captured = 4,
    Partial = 5,
    Failed = 6,
    Expired = 7,
    Suppressed = 8,
    Canceled = 9,
}

internal static class MessageStatuses
{
    /// <summary>The first of these that holds. A message is nothing but its recipients, so it can never disagree with them.</summary>
    public static MessageStatus Of(IEnumerable<RecipientState> recipients)
    {
        var seen = 0;
        foreach (var state in recipients)
        {
            seen |= 1 << (int)state;
        }

        bool Any(RecipientState state) => (seen & (1 << (int)state)) != 0;
        bool Only(int states) => seen != 0 && (seen & ~states) == 0;

        const int Captured = 1 << (int)RecipientState.Captured;
        const int Accepted = 1 << (int)RecipientState.Accepted;
        return Any(RecipientState.Sending) ? MessageStatus.Sending
            : Any(RecipientState.Deferred) ? MessageStatus.Deferred
            : Any(RecipientState.Pending) ? MessageStatus.Queued
            : Only(Captured) ? MessageStatus.Captured
            : Only(Captured | Accepted) ? MessageStatus.Sent
            : (seen & (Captured | Accepted)) != 0 ? MessageStatus.Partial
            : Any(RecipientState.Failed) ? MessageStatus.Failed
            : Any(RecipientState.Expired) ? MessageStatus.Expired
            : Any(RecipientState.Suppressed) ? MessageStatus.Suppressed
            : MessageStatus.Canceled;
    }

    public static bool IsOpen(this MessageStatus status) => status is MessageStatus.Queued or MessageStatus.Sending or MessageStatus.Deferred;
}

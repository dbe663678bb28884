namespace MailPlugin.Queue;

/// <summary>What became of one recipient so far. The numbers are stored.</summary>
internal enum RecipientState
{
    Pending = 0,

    /// <summary>Unfinished, and its message is claimed. Never stored: it is what a reader sees of <see cref="Pending"/> or <see cref="Deferred"/> under a lease.</summary>
    Sending = 1,
    Accepted = 2,
    Captured = 3,
    Deferred = 4,
    Failed = 5,
    Expired = 6,
    Suppressed = 7,
    Canceled = 8,
}

internal enum RecipientKind
{
    To = 0,
    Cc = 1,
    Bcc = 2,
}

internal static class RecipientStates
{
    /// <summary>Whether something is still to be done for it.</summary>
    public static bool IsOpen(this RecipientState state) => state is RecipientState.Pending or RecipientState.Sending or RecipientState.Deferred;
}

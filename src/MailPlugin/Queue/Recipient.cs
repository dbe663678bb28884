namespace MailPlugin.Queue;

/// <summary>A recipient of a message, as far as it has come.</summary>
/// <param name="Address">As it stands in the envelope.</param>
/// <param name="Reply">The reply or error that decided the state.</param>
/// <param name="Transport">The transport that was used last.</param>
/// <param name="At">When the state was reached.</param>
internal sealed record Recipient(string Address, RecipientKind Kind, RecipientState State = RecipientState.Pending, string? Reply = null, string? Transport = null, DateTimeOffset? At = null)
{
    /// <summary>Addresses are compared like this: the local-part's case matters to nobody but its own server, and there hardly ever.</summary>
    public static string KeyOf(string address) => address.ToLowerInvariant();
}

namespace MailPlugin.Abstractions;

/// <summary>What was accepted.</summary>
/// <param name="Id">The message's id in <c>GET /messages/{id}</c>.</param>
/// <param name="MessageId">The Message-ID header, with angle brackets.</param>
/// <param name="Status"><c>queued</c>, or <c>suppressed</c> when nothing will leave.</param>
/// <param name="Reason">Why it was suppressed.</param>
/// <param name="Replayed">Whether an earlier submission with the same idempotency key is answered again.</param>
public sealed record SubmissionReceipt(string Id, string MessageId, string Status, string? Reason = null, bool Replayed = false);

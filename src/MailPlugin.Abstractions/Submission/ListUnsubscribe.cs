namespace MailPlugin.Abstractions;

/// <summary>How a reader leaves a list (RFC 2369).</summary>
/// <param name="Url">An https address.</param>
/// <param name="Mailto">A mailbox that takes the wish.</param>
/// <param name="OneClick">Whether <paramref name="Url"/> takes a POST without further questions (RFC 8058).</param>
public sealed record ListUnsubscribe(string? Url, string? Mailto = null, bool OneClick = false);

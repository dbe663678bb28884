namespace MailPlugin.Abstractions;

/// <summary>A mailbox with an optional display name.</summary>
/// <param name="Address">An addr-spec (RFC 5321 mailbox); the domain may be internationalised.</param>
/// <param name="Name">Display name in any script.</param>
public sealed record MailAddress(string Address, string? Name = null);

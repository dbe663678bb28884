namespace MailPlugin.TestBed;

/// <summary>What somebody gave away when signing in. Where a mechanism does not send the password itself, it is null and the response is kept.</summary>
public sealed record RecordedLogin(string Mechanism, string? UserName, string? Password, string Response, bool Tls);

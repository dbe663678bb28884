namespace MailPlugin.Smtp;

/// <summary>A proxy that the session is tunnelled through. The relay's name is resolved by the proxy, unless <see cref="SmtpRelay.ResolveForProxy"/> is set.</summary>
/// <param name="Kind">What it speaks.</param>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Its port.</param>
/// <param name="UserName">Null logs in with nothing.</param>
/// <param name="Password">Used with <paramref name="UserName"/>.</param>
public sealed record SmtpProxy(SmtpProxyKind Kind, string Host, int Port, string? UserName = null, SmtpSecret? Password = null);

/// <summary>What a proxy speaks.</summary>
public enum SmtpProxyKind
{
    /// <summary>SOCKS 5 (RFC 1928), with user name and password (RFC 1929).</summary>
    Socks5,

    /// <summary>HTTP CONNECT (RFC 9110 9.3.6) with Basic credentials.</summary>
    Http,
}

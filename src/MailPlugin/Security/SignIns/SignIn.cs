using System.Security.Cryptography;
using System.Text;

namespace MailPlugin.Security.SignIns;

/// <summary>Somebody at the page. The cookie's value is kept as a hash; signing out, revoking the key and time end it.</summary>
internal sealed record SignIn : ICookieCaller
{
    public required string Id { get; init; }

    public required byte[] TokenHash { get; init; }

    /// <summary>What requests that change something carry as X-CSRF-Token.</summary>
    public required string CsrfToken { get; init; }

    public required string KeyId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Where the browser called from.</summary>
    public string? Address { get; init; }

    public bool Accepts(string token) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(CsrfToken));
}

using Microsoft.AspNetCore.DataProtection;

namespace MailPlugin.Security.HostSignIn;

/// <summary>Somebody whom the host's own sign-in vouches for.</summary>
/// <param name="Who">For people: <c>user:alice</c>.</param>
/// <param name="Allowed">Whether the host's policy lets them in; false: known, and not an administrator.</param>
/// <param name="Protector">Makes the token that belongs to this person.</param>
internal sealed record HostAdmin(string Who, bool Allowed, ITimeLimitedDataProtector Protector) : ICookieCaller
{
    /// <summary>As long as a sign-in of the plugin's own; the page asks for another when it ended.</summary>
    static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    public string CsrfToken => Protector.Protect(Who, Lifetime);

    public bool Accepts(string token)
    {
        try
        {
            return Protector.Unprotect(token) == Who;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return false;
        }
    }
}

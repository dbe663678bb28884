using MailPlugin.Security.Secrets;

namespace MailPlugin.OAuth.Tokens;

/// <summary>A provider's answer: a token, or why there is none.</summary>
internal abstract record TokenAnswer
{
    /// <param name="AccessToken">The token.</param>
    /// <param name="Lifetime">From the time it was asked for.</param>
    /// <param name="RefreshToken">A new one in place of the one that was shown; null: that one stays.</param>
    /// <param name="Scopes">What was granted; null: what was asked for (RFC 6749 5.1).</param>
    /// <param name="RefreshLifetime">How long the refresh token lasts, where the provider says so.</param>
    internal sealed record Granted(Secret AccessToken, TimeSpan Lifetime, Secret? RefreshToken, IReadOnlyList<string>? Scopes, TimeSpan? RefreshLifetime) : TokenAnswer
    {
        /// <summary>Who signed in (OpenID Connect), where the scopes asked for it: never kept, only held to the sign-in that it belongs to.</summary>
        public Secret? IdentityToken { get; init; }
    }

    /// <param name="Error">The code (RFC 6749 5.2, RFC 8628 3.5).</param>
    /// <param name="Text">The provider's words, clean and short.</param>
    /// <param name="ServerTime">The provider's clock, where it told.</param>
    internal sealed record Refused(string Error, string Text, DateTimeOffset? ServerTime) : TokenAnswer;

    /// <summary>Nothing that could be understood: unreachable, late, garbage, or "later".</summary>
    internal sealed record Unavailable(string Reason, bool Forbidden = false) : TokenAnswer;
}

using System.Text.Json.Serialization;
using MailPlugin.Security.Secrets;

namespace MailPlugin.OAuth.Tokens;

/// <summary>What a provider gave, and what it last refused. Kept protected.</summary>
internal sealed record StoredToken
{
    public Secret? AccessToken { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public Secret? RefreshToken { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public DateTimeOffset? LastRefreshAt { get; init; }

    /// <summary>When the refresh token ends, as far as the provider says.</summary>
    public DateTimeOffset? SignInEndsAt { get; init; }

    /// <summary>What the provider last said no with; null once it gave a token again.</summary>
    public TokenRefusal? Refusal { get; init; }

    /// <summary>How well the relay was protected when a person signed in: less protection gets nothing.</summary>
    public int Protection { get; init; }

    /// <summary>Whether the access token lasts for this long at least.</summary>
    public bool IsFresh(DateTimeOffset now, TimeSpan margin) => AccessToken is not null && ExpiresAt is { } end && end - now > margin;
}

/// <param name="Error">The provider's code (RFC 6749 5.2), such as <c>invalid_grant</c>.</param>
/// <param name="Text">Its words.</param>
/// <param name="At">When.</param>
/// <param name="NeedsSignIn">Whether only a person can help.</param>
internal sealed record TokenRefusal(string Error, string Text, DateTimeOffset At, bool NeedsSignIn)
{
    [JsonIgnore]
    public string Words => Text.Length > 0 ? $"{Error}: {Text}" : Error;
}

using MailPlugin.Security.Secrets;
using MailPlugin.Settings;

namespace MailPlugin.Transports.Smtp;

/// <summary>Who signs in at a relay that takes no password, and where the tokens come from.</summary>
internal sealed class TokenLogin(TransportSettings settings, IAccessTokens tokens)
{
    public string Account => settings.Smtp!.Login!;

    public Task<Secret> GetAsync(CancellationToken cancellationToken) => tokens.GetAsync(settings, cancellationToken);

    public void Refused(Secret token) => tokens.Refused(settings, token);

    /// <summary>Null where a relay is signed in at by password, or not at all.</summary>
    public static TokenLogin? Of(TransportSettings settings, IAccessTokens tokens) => settings.Smtp?.OAuth is null ? null : new(settings, tokens);
}

using MailPlugin.Settings;
using MailPlugin.Smtp;

namespace MailPlugin.Transports.Smtp;

/// <summary>Makes sessions with one relay, signed in: by password, or by a token that is had for each session.</summary>
internal sealed class RelayConnector(TransportSettings settings, SmtpRelay relay, IAccessTokens tokens, TimeProvider clock)
{
    public string Transport => settings.Id;

    /// <exception cref="SmtpException">There is no session.</exception>
    /// <exception cref="AccessTokenException">There is no token.</exception>
    public async Task<SmtpSession> ConnectAsync(ISmtpTranscript? transcript, CancellationToken cancellationToken)
    {
        if (settings.Smtp!.OAuth is null)
        {
            return await SmtpSession.ConnectAsync(relay, transcript, clock, cancellationToken);
        }

        var token = await tokens.GetAsync(settings, cancellationToken);
        try
        {
            return await SmtpSession.ConnectAsync(With(token), transcript, clock, cancellationToken);
        }
        catch (SmtpException fault) when (fault.Fault == SmtpFault.LoginRefused)
        {
            // It may have been revoked before its time: one that is surely new decides.
            tokens.Refused(settings, token);
            var another = await tokens.GetAsync(settings, cancellationToken);
            return await SmtpSession.ConnectAsync(With(another), transcript, clock, cancellationToken);
        }
    }

    SmtpRelay With(Security.Secrets.Secret token) =>
        relay with { Credentials = SmtpCredentials.WithToken(settings.Smtp!.Login!, new(token.Reveal())) };
}

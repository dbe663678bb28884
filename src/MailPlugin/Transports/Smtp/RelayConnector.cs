using MailPlugin.Security.Secrets;
using MailPlugin.Smtp;

namespace MailPlugin.Transports.Smtp;

/// <summary>Makes sessions with one relay, signed in: as the relay says, or by a token that is had for each session.</summary>
internal sealed class RelayConnector(SmtpRelay relay, TimeProvider clock, TokenLogin? login = null)
{
    /// <exception cref="SmtpException">There is no session.</exception>
    /// <exception cref="AccessTokenException">There is no token.</exception>
    public async Task<SmtpSession> ConnectAsync(ISmtpTranscript? transcript, CancellationToken cancellationToken)
    {
        if (login is null)
        {
            return await SmtpSession.ConnectAsync(relay, transcript, clock, cancellationToken);
        }

        var token = await login.GetAsync(cancellationToken);
        try
        {
            return await SmtpSession.ConnectAsync(With(login, token), transcript, clock, cancellationToken);
        }
        catch (SmtpException fault) when (fault.Fault == SmtpFault.LoginRefused)
        {
            // It may have been revoked before its time: one that is surely new decides.
            login.Refused(token);
            return await SmtpSession.ConnectAsync(With(login, await login.GetAsync(cancellationToken)), transcript, clock, cancellationToken);
        }
    }

    SmtpRelay With(TokenLogin who, Secret token) => relay with { Credentials = SmtpCredentials.WithToken(who.Account, new(token.Reveal())) };
}

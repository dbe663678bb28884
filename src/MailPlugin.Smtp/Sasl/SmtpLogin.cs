using System.Text;

namespace MailPlugin.Smtp;

/// <summary>AUTH (RFC 4954): picks a mechanism and carries its exchange. The transcript sees the mechanism's name and how many bytes went.</summary>
internal static class SmtpLogin
{
    /// <summary>A longer first answer waits for its own line (RFC 4954 4 allows a line of 12288; old servers 512).</summary>
    const int LongestInitial = 480;

    const int MostSteps = 10;

    internal static async Task RunAsync(Dialogue dialogue, SmtpRelay relay, SmtpCapabilities capabilities)
    {
        if (relay.Credentials is not { } credentials || relay.Auth == SmtpAuth.None)
        {
            return;
        }

        // Only TLS that was demanded and verified protects from somebody in between.
        if (relay.Security is SmtpSecurity.None or SmtpSecurity.StartTlsIfOffered && !relay.AllowPlaintextAuth)
        {
            throw new SmtpException(
                SmtpStage.Auth, SmtpFault.PlaintextAuthNotAllowed, "Logging in over a connection that is not surely protected is not allowed.");
        }

        var choice = SaslChoice.For(relay.Auth, credentials.IsToken, capabilities);
        if (choice.Count == 0)
        {
            throw new SmtpException(SmtpStage.Auth, SmtpFault.AuthNotOffered, capabilities.AuthMechanisms.Count == 0
                ? "The server offers no login."
                : $"The server offers only {string.Join(", ", capabilities.AuthMechanisms)} to log in.");
        }

        var failure = default(SmtpException);
        foreach (var auth in choice)
        {
            failure = await TryAsync(dialogue, relay, auth, credentials).ConfigureAwait(false);
            if (failure is null)
            {
                return;
            }

            if (failure.Reply is not { IsPermanent: true })
            {
                break;
            }
        }

        throw failure!;
    }

    static async Task<SmtpException?> TryAsync(Dialogue dialogue, SmtpRelay relay, SmtpAuth auth, SmtpCredentials credentials)
    {
        using var mechanism = SaslChoice.Create(auth, credentials, relay);
        var timeout = relay.Timeouts.Command;
        dialogue.Secrets = Unsayable(credentials);
        try
        {
            var initial = mechanism.Initial();
            if (initial is { Length: <= LongestInitial })
            {
                // "=" is how an empty first answer is written (RFC 4954 4).
                var text = initial.Length == 0 ? "=" : Convert.ToBase64String(initial);
                dialogue.Secret($"AUTH {mechanism.Name} ", text);
            }
            else
            {
                dialogue.Command($"AUTH {mechanism.Name}");
            }

            await dialogue.Stream.FlushAsync(timeout).ConfigureAwait(false);
            await dialogue.ReadAsync(timeout).ConfigureAwait(false);
            var waitsWithInitial = initial is { Length: > LongestInitial };
            for (var step = 0; dialogue.Code == 334; step++)
            {
                if (step == MostSteps)
                {
                    throw new SessionBroken(SmtpFault.ProtocolViolation, "The login does not come to an end.");
                }

                var answer = Answer(dialogue, mechanism, waitsWithInitial && step == 0 ? initial : null);
                if (answer is null)
                {
                    return await GiveUpAsync(dialogue, timeout).ConfigureAwait(false);
                }

                dialogue.Secret("", answer);
                await dialogue.Stream.FlushAsync(timeout).ConfigureAwait(false);
                await dialogue.ReadAsync(timeout).ConfigureAwait(false);
            }

            dialogue.Transcript.Tell(new SmtpEvent.LoginAnswered(mechanism.Name, dialogue.Reply));
            return Judge(dialogue, mechanism);
        }
        catch (SaslException exception)
        {
            return new SmtpException(SmtpStage.Auth, SmtpFault.LoginRefused, exception.Message, cause: exception);
        }
        finally
        {
            dialogue.Secrets = null;
        }
    }

    /// <summary>What a server may not repeat into a log; what is sent is added as it is sent.</summary>
    static List<string> Unsayable(SmtpCredentials credentials)
        => credentials.Secret.Value is { Length: > 3 } secret ? [secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))] : [];

    static SmtpException? Judge(Dialogue dialogue, SaslMechanism mechanism)
    {
        var reply = dialogue.Reply;
        if (reply.Code is 235 && mechanism.MayEnd)
        {
            return null;
        }

        if (reply.Code is 235)
        {
            return new SmtpException(SmtpStage.Auth, SmtpFault.LoginRefused, "The server did not prove that it knows the password.");
        }

        if (reply.IsPositive)
        {
            throw new SessionBroken(SmtpFault.ProtocolViolation, $"The server answered AUTH with {reply.Code}.");
        }

        var complaint = mechanism.Complaint is { } text ? $" ({text})" : "";
        return new SmtpException(SmtpStage.Auth, SmtpFault.LoginRefused, $"The server refused the login with {mechanism.Name}: {reply}{complaint}", reply);
    }

    /// <summary>Null where the challenge cannot be answered at all.</summary>
    static string? Answer(Dialogue dialogue, SaslMechanism mechanism, byte[]? initial)
    {
        if (initial is not null)
        {
            return Convert.ToBase64String(initial);
        }

        var text = dialogue.Reply.Text.Trim();
        var challenge = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, challenge, out var length))
        {
            // LOGIN's prompts are not always base64, and they mean nothing.
            return mechanism is LoginMechanism ? Convert.ToBase64String(mechanism.Respond([])) : null;
        }

        return Convert.ToBase64String(mechanism.Respond(challenge[..length]));
    }

    static async Task<SmtpException> GiveUpAsync(Dialogue dialogue, TimeSpan timeout)
    {
        await dialogue.AskAsync("*", timeout).ConfigureAwait(false);
        return new SmtpException(SmtpStage.Auth, SmtpFault.ProtocolViolation, "The server's challenge is no base64.");
    }
}

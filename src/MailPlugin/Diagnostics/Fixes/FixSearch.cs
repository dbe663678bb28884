using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Doctor;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Security.Outbound;
using MailPlugin.Settings;
using MailPlugin.Smtp;
using MailPlugin.Smtp.Mime;
using MailPlugin.Transports;
using MailPlugin.Transports.Smtp;

namespace MailPlugin.Diagnostics.Fixes;

/// <summary>
/// Finds the change of settings that cures a failure, by trying it: a session with the changed settings, up to what comes before the content. Nothing is sent and nothing
/// saved, and a password goes along only where the changed settings could keep it. What was not seen to work is not offered.
/// </summary>
internal sealed class FixSearch(OutboundPolicy policy, IAccessTokens tokens, TimeProvider clock)
{
    const int MostTrials = 6;
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <returns>The fix, and the certificate that it trusts; null where nothing was found.</returns>
    public async Task<FoundFix?> FindAsync(TestTarget target, Cause cause, Evidence seen, IReadOnlyList<PortSight> ports, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            foreach (var fix in FixCandidates.Of(target, cause, seen, ports).Take(MostTrials))
            {
                if (await TryAsync(target, fix, seen.Stage, either.Token) is { } found)
                {
                    return found;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A fix that takes long to find is none.
        }

        return null;
    }

    async Task<FoundFix?> TryAsync(TestTarget target, CauseFix fix, TransportStage failed, CancellationToken cancellationToken)
    {
        var trial = await RunAsync(target, fix, failed, cancellationToken);
        if (trial.Passed)
        {
            return new(fix, Pins(fix) ? trial.Sight : null, trial.LosesPassword);
        }

        // A stranger's certificate is the next thing in the way, and whoever knows it can say so in the same breath.
        if (trial.Refused is not ({ Problem: SmtpCertificateProblem.SelfSigned or SmtpCertificateProblem.UnknownIssuer or SmtpCertificateProblem.WrongName or SmtpCertificateProblem.Expired } refused))
        {
            return null;
        }

        var pinned = FixCandidates.WithPin(fix, refused.Sha256);
        return await RunAsync(target, pinned, failed, cancellationToken) is { Passed: true } last ? new(pinned, trial.Sight, last.LosesPassword) : null;
    }

    static bool Pins(CauseFix fix) => fix.Value["trust"]?.GetValue<string>() == "pinned";

    async Task<Trial> RunAsync(TestTarget target, CauseFix fix, TransportStage failed, CancellationToken cancellationToken)
    {
        if (SettingsPatch.Apply(target.Settings, target.Host, fix) is not var (settings, keepsSecrets) || settings.Transport(target.Transport.Id) is not { Smtp: { } smtp } transport)
        {
            return Trial.Failed;
        }

        var changed = target with { Settings = settings, Transport = transport, From = transport.From ?? target.From };
        // What failed before the login is cured without one: no password has to travel.
        var signsIn = changed.SignsIn && keepsSecrets && failed >= TransportStage.Auth;
        var relay = Quick(RelayOf.Settings(smtp, policy));
        var watch = new QuietWatch();
        try
        {
            var connector = signsIn ? new RelayConnector(relay, clock, TokenLogin.Of(transport, tokens)) : new(relay with { Credentials = null }, clock);
            await using var session = await connector.ConnectAsync(watch, cancellationToken);
            var passed = changed.SignsIn && !signsIn
                ? session.Capabilities.CanLogIn(relay.Auth, isToken: smtp.OAuth is not null) && (RelaySecurity.IsRequired(smtp) || smtp.AllowPlaintextAuth)
                : failed < TransportStage.Auth || await TakesAsync(session, changed, cancellationToken);
            await session.QuitAsync(cancellationToken);
            return new(passed, watch.Sight, null) { LosesPassword = changed.SignsIn && !keepsSecrets };
        }
        catch (SmtpException refused)
        {
            return new(false, watch.Sight, refused.Certificate);
        }
        catch (AccessTokenException)
        {
            return Trial.Failed;
        }
    }

    /// <summary>Whether sender and recipient are taken; where nobody is named there is nobody to refuse.</summary>
    static async Task<bool> TakesAsync(SmtpSession session, TestTarget target, CancellationToken cancellationToken)
    {
        if (target.Sender is not { } sender || (target.To ?? target.From?.Address) is not { } recipient)
        {
            return true;
        }

        var answer = await session.AskAsync(new(Plain(sender), Plain(recipient)), cancellationToken);
        return answer is { Mail.IsPositive: true, Rcpt.IsPositive: true };
    }

    static string Plain(string address) => MailboxAddress.TryParse(address, out var mailbox, out _) ? mailbox.Address : address;

    static SmtpRelay Quick(SmtpRelay relay) => relay with { Timeouts = relay.Timeouts with { Connect = Patience, Tls = Patience, Greeting = Patience, Command = Patience } };

    /// <param name="Passed">The session came as far as it has to.</param>
    /// <param name="Sight">What was seen of it.</param>
    /// <param name="Refused">The certificate that was in the way.</param>
    sealed record Trial(bool Passed, SessionSight Sight, SmtpCertificate? Refused)
    {
        public static Trial Failed { get; } = new(false, new(), null);

        public bool LosesPassword { get; init; }
    }
}

/// <param name="Fix">The change.</param>
/// <param name="Trusts">The session whose certificate the change trusts; null where it trusts none.</param>
/// <param name="NeedsPassword">The stored password may not go along.</param>
internal sealed record FoundFix(CauseFix Fix, SessionSight? Trusts, bool NeedsPassword);

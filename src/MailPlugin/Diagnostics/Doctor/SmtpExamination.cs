using System.Net.Sockets;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Fixes;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Diagnostics.Transcripts;
using MailPlugin.Security.Audit;
using MailPlugin.Security.Outbound;
using MailPlugin.Settings;
using MailPlugin.Smtp;
using MailPlugin.Transports;
using MailPlugin.Transports.Smtp;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>
/// Examines a relay from the bottom up: addresses, connections, one session by the same code that delivers mail, sender and recipient. The other ports are looked at when
/// that session is over, so that a relay which counts connections does not count ours.
/// </summary>
internal sealed class SmtpExamination(
    OutboundPolicy policy, AddressCheck addresses, PortsCheck ports, FixSearch fixes, IAccessTokens tokens, IAuditLog audit, ITranscriptStore transcripts, TimeProvider clock,
    ILogger<SmtpExamination> logger)
{
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    public async Task<Verdict> RunAsync(TestTarget target, HostFacts facts, string who, Findings findings, CancellationToken cancellationToken)
    {
        var smtp = target.Transport.Smtp!;
        var relay = Bounded(RelayOf.Settings(smtp, policy, TestRun.Silence));
        var (host, port) = relay.Proxy is { } proxy ? (proxy.Host, proxy.Port) : (relay.Host, relay.Port);
        var reach = await addresses.RunAsync(relay, host, port, findings, cancellationToken);
        var sight = new SessionSight();
        var transcript = default(string);
        var evidence = default(Evidence);
        if (reach.Fault is { } fault)
        {
            sight.Observe(new SmtpEvent.NetworkFailed(reach.Error ?? SocketError.HostNotFound));
            evidence = Evidence.Of(fault, target.Transport, sight);
        }
        else
        {
            (evidence, sight, transcript) = await SpeakAsync(target, relay, findings, cancellationToken);
        }

        evidence = evidence is null ? null : evidence with { Host = facts };

        if (evidence?.Fault?.Kind == TransportFaultKind.DestinationNotAllowed)
        {
            await audit.WriteAsync(who, "diagnosis refused by the outbound policy", target.Transport.Id, evidence.Fault.Detail, cancellationToken);
        }

        SkipTheRest(findings, evidence);
        var others = await ports.RunAsync(relay, evidence, findings, cancellationToken);
        var verdict = evidence is null ? Verdicts.Working(target, reach) : await ConcludeAsync(target, evidence, others, findings, cancellationToken);
        return verdict with { Commands = CopyCommands.For(target, smtp), TranscriptId = transcript };
    }

    async Task<Verdict> ConcludeAsync(TestTarget target, Evidence evidence, IReadOnlyList<PortSight> others, Findings findings, CancellationToken cancellationToken)
    {
        var cause = CauseFinder.Of(evidence);
        var mark = findings.Mark();
        var found = await fixes.FindAsync(target, cause, evidence, others, cancellationToken);
        if (found is not null)
        {
            findings.Add(StepName.Fix, found.Fix.Path, StepOutcome.Ok, mark, new(
                $"Tried without saving, and it works: {found.Fix.Value.ToJsonString()}", $"已试用（未保存），可行：{found.Fix.Value.ToJsonString()}"));
        }

        return Verdicts.Of(evidence, cause, found);
    }

    static SmtpRelay Bounded(SmtpRelay relay) => relay with
    {
        Timeouts = relay.Timeouts with
        {
            Connect = AtMost(relay.Timeouts.Connect),
            Tls = AtMost(relay.Timeouts.Tls),
            Greeting = AtMost(relay.Timeouts.Greeting),
            Command = AtMost(relay.Timeouts.Command),
        },
    };

    static TimeSpan AtMost(TimeSpan wait) => wait < LongestWait ? wait : LongestWait;

    /// <summary>One session, as a message would have it, up to what comes before the content.</summary>
    async Task<(Evidence?, SessionSight, string?)> SpeakAsync(TestTarget target, SmtpRelay relay, Findings findings, CancellationToken cancellationToken)
    {
        var transcript = new TranscriptRecorder(target.Transport.Id, null, SmtpTranscriptContent.None, transcripts, clock, logger);
        var watch = new SessionWatch(relay, target, transcript, findings);
        var (evidence, outcome) = (default(Evidence), "canceled");
        try
        {
            var session = await new RelayConnector(relay, clock, TokenLogin.Of(target.Transport, tokens)).ConnectAsync(watch, cancellationToken);
            await using (session)
            {
                watch.TellOffers();
                evidence = await EnvelopeCheck.RunAsync(session, target, watch.Sight, findings, cancellationToken);
                await session.QuitAsync(cancellationToken);
            }

            outcome = evidence is null ? "ok" : "failed";
        }
        catch (Exception refused) when (refused is SmtpException or AccessTokenException)
        {
            watch.TellOffers();
            var fault = refused is AccessTokenException token ? token.Fault : FaultOf.Exception((SmtpException)refused);
            evidence = Evidence.Of(fault, target.Transport, watch.Sight);
            Tell(findings, fault);
            outcome = "failed";
        }
        finally
        {
            await transcript.CompleteAsync(outcome);
        }

        return (evidence, watch.Sight, transcript.Id);
    }

    /// <summary>The step at which the session ended, where nothing has told of it already.</summary>
    static void Tell(Findings findings, TransportFault fault)
    {
        if (!findings.HasFailed(StepName.Of(fault.Stage)))
        {
            findings.Add(StepName.Of(fault.Stage), null, StepOutcome.Failed, findings.Mark(), new(fault.Detail, fault.Detail));
        }
    }

    /// <summary>A reader sees what was not come to, instead of wondering.</summary>
    static void SkipTheRest(Findings findings, Evidence? evidence)
    {
        if (evidence is null)
        {
            return;
        }

        foreach (var step in new[] { StepName.Greeting, StepName.Ehlo, StepName.Auth, StepName.Mail, StepName.Rcpt }.Where(step => !findings.Has(step)))
        {
            findings.Skip(step, null, new("Not come to.", "未进行到此步。"));
        }
    }
}

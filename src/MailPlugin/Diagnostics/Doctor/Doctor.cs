using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Http.Binding;
using MailPlugin.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>Examines a transport from the ground up, sends nothing, and comes to one verdict. Whatever happens, it ends in bounded time and is kept.</summary>
internal sealed partial class Doctor(
    EnvironmentCheck environment, SmtpExamination smtp, ProgramExamination programs, IDiagnosisStore store, OpenDiagnoses open, IHostApplicationLifetime host, TimeProvider clock, ILogger<Doctor> logger)
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(120);
    static readonly TimeSpan KeptFor = TimeSpan.FromDays(14);
    const int MostKept = 500;

    /// <param name="target">What to look at.</param>
    /// <param name="who">Who asked, for the audit log.</param>
    /// <param name="cancellationToken">The reader has gone: the rest is of no use.</param>
    public Examination Examine(TestTarget target, string who, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var findings = new Findings(Diagnosis.NewId(now), now, target.Transport.Id, target.IsDraft, clock);
        open.Add(findings);
        return new(findings, RunAsync(target, who, findings, cancellationToken));
    }

    async Task RunAsync(TestTarget target, string who, Findings findings, CancellationToken cancellationToken)
    {
        var begun = findings.Mark();
        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken, host.ApplicationStopping);
        try
        {
            Begin(target, findings);
            var host = environment.Run(findings);
            findings.Conclude(await VerdictAsync(target, host, who, findings, either.Token), begun);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || host.ApplicationStopping.IsCancellationRequested)
        {
            findings.BreakOff();
        }
        catch (Exception fault)
        {
            if (!limit.IsCancellationRequested)
            {
                LogFailed(target.Transport.Id, fault);
            }

            findings.Conclude(Verdicts.NotFinished(overdue: limit.IsCancellationRequested), begun);
        }
        finally
        {
            await KeepAsync(findings.ToDiagnosis());
            open.Remove(findings);
        }
    }

    static void Begin(TestTarget target, Findings findings)
    {
        var place = target.Transport.Smtp is { } relay ? HostPort.Of(relay.Host, relay.Port) : null;
        var data = new JsonObject { ["id"] = findings.Id, ["transport"] = target.Transport.Id, ["mode"] = EnumText.Of(target.Transport.Mode), ["draft"] = target.IsDraft };
        findings.Add(StepName.Start, place, StepOutcome.Ok, findings.Mark(), new($"Examining {target.Transport.Name}. Nothing is sent.", $"正在检查“{target.Transport.Name}”，不会发送任何邮件。"), data);
    }

    Task<Verdict> VerdictAsync(TestTarget target, HostFacts host, string who, Findings findings, CancellationToken cancellationToken) => target.Transport.Mode switch
    {
        TransportMode.Smtp => smtp.RunAsync(target, host, who, findings, cancellationToken),
        _ => programs.RunAsync(target, findings, cancellationToken),
    };

    async Task KeepAsync(Diagnosis diagnosis)
    {
        try
        {
            await store.AddAsync(diagnosis, clock.GetUtcNow() - KeptFor, MostKept, CancellationToken.None);
        }
        catch (Exception fault)
        {
            LogNotKept(diagnosis.Id, fault);
        }
    }

    [LoggerMessage(EventId = 1330, Level = LogLevel.Error, Message = "The diagnosis of {Transport} failed")]
    partial void LogFailed(string transport, Exception fault);

    [LoggerMessage(EventId = 1331, Level = LogLevel.Warning, Message = "Diagnosis {Id} could not be kept")]
    partial void LogNotKept(string id, Exception fault);
}

using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Settings;
using MailPlugin.Smtp;
using MailPlugin.Transports;
using MailPlugin.Transports.Php;
using MailPlugin.Transports.Programs;
using MailPlugin.Transports.Sendmail;
using MailPlugin.Transports.Smtp;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>
/// Examines a program of this host: the file, its rights, which one it is and how it is set up. It is run only in ways that send nothing: with an option that is known to
/// show, or in a conversation that ends before the content.
/// </summary>
internal sealed class ProgramExamination(ProgramRunner runner, PhpInspector php, TimeProvider clock)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Programs that say what they are and how they are set up without sending: by the name of the file, who is asked (itself, or what stands beside it), the options, and
    /// what they show.
    /// </summary>
    static readonly (string Kind, string? Asks, string[] Options, string Shows)[] Questions =
    [
        ("msmtp", null, ["--version"], "version"),
        ("msmtp", null, ["--pretend", "--", "nobody@invalid"], Configuration),
        ("exim4", null, ["-bV"], "version"),
        ("exim", null, ["-bV"], "version"),

        // Postfix's sendmail says nothing of itself.
        ("sendmail", "postconf", ["mail_version", "myhostname", "relayhost"], "settings"),
    ];

    /// <summary>It may hold a password.</summary>
    const string Configuration = "configuration";

    public async Task<Verdict> RunAsync(TestTarget target, Findings findings, CancellationToken cancellationToken)
    {
        if (target.Transport.Capture is not null)
        {
            findings.Skip(StepName.Program, null, new("Mail is kept and shown here: there is nobody to reach.", "邮件在此保留并展示：无需连接任何服务。"));
            return Verdicts.Working(CauseCatalog.None());
        }

        var evidence = target.Transport switch
        {
            { Php: { } settings } => await PhpAsync(target, settings, findings, cancellationToken),
            { Sendmail: { } settings } => await SendmailAsync(target, settings, findings, cancellationToken),
            { Qmail: { } settings } => LookAtQmail(target, MailArguments.QmailPath(settings.Path), findings),
            _ => null,
        };
        if (evidence is not null)
        {
            return Verdicts.Of(evidence, CauseFinder.Of(evidence), found: null);
        }

        // Only a conversation asked the mail system itself.
        var asked = target.Transport.Sendmail?.Style == SendmailStyle.Smtp;
        return Verdicts.Working(CauseCatalog.None() with { Confidence = asked ? Confidence.High : Confidence.Medium });
    }

    static (ProgramLook Seen, Evidence? Evidence) Look(TestTarget target, string path, Findings findings)
    {
        var mark = findings.Mark();
        var seen = ProgramLook.At(path);
        var data = new JsonObject { ["path"] = seen.Path, ["realPath"] = seen.RealPath, ["mode"] = seen.Mode };
        if (seen.Trouble is { } trouble)
        {
            var evidence = Failed(target, new ProgramReport(path, trouble, null, ""), "");
            findings.Add(StepName.Program, path, StepOutcome.Failed, mark, CauseFinder.Of(evidence).Text, data);
            return (seen, evidence);
        }

        findings.Add(StepName.Program, path, StepOutcome.Ok, mark, new($"{seen.RealPath}, rights {seen.Mode}.", $"{seen.RealPath}，权限 {seen.Mode}。"), data);
        return (seen, null);
    }

    /// <summary>qmail shows neither a version nor its settings; the first of these is the name that it goes by.</summary>
    static Evidence? LookAtQmail(TestTarget target, string path, Findings findings)
    {
        var (seen, trouble) = Look(target, path, findings);
        var control = seen.Beside("../control");
        if (trouble is not null || !Directory.Exists(control))
        {
            return trouble;
        }

        var mark = findings.Mark();
        var name = Path.Combine(control, "me");
        try
        {
            var me = PlainText.Clip(PlainText.Lines(File.ReadLines(name).FirstOrDefault() ?? ""), 200);
            findings.Add(StepName.Program, name, StepOutcome.Ok, mark, new($"qmail goes by the name {me}.", $"qmail 使用的名称为 {me}。"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            findings.Add(StepName.Program, name, StepOutcome.Warning, mark, new("It cannot be read: without it qmail does not know its own name.", "无法读取：缺少它时 qmail 不知道自己的名称。"));
        }

        return null;
    }

    async Task<Evidence?> SendmailAsync(TestTarget target, SendmailSettings settings, Findings findings, CancellationToken cancellationToken)
    {
        var (seen, trouble) = Look(target, settings.Path, findings);
        if (trouble is not null)
        {
            return trouble;
        }

        foreach (var (_, asks, options, shows) in Questions.Where(question => question.Kind == seen.Kind && (question.Asks is null || File.Exists(seen.Beside(question.Asks)))))
        {
            var path = asks is null ? settings.Path : seen.Beside(asks);
            if (await AskAsync(target, new(path, options) { Timeout = Patience }, shows, findings, cancellationToken) is { } evidence)
            {
                return evidence;
            }
        }

        if (settings.Style == SendmailStyle.Smtp)
        {
            return await ConverseAsync(target, settings, findings, cancellationToken);
        }

        findings.Skip(StepName.Mail, null, new("Not asked: in this style a program is told only with a message.", "未查询：此方式下程序只有在发送邮件时才会处理。"));
        return null;
    }

    async Task<Evidence?> AskAsync(TestTarget target, ProgramCommand command, string shows, Findings findings, CancellationToken cancellationToken)
    {
        var mark = findings.Mark();
        var result = await runner.RunAsync(command, default, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var ok = result.ExitCode == 0;

        // What a program shows of its configuration may have its password in it: only what it complains of is told.
        var said = !ok ? ProgramOutcome.Describe(command.Path, result) : shows switch
        {
            Configuration => "exit code 0",
            "version" => PlainText.OneLine(result.Output.Split('\n')[0], 200),
            _ => PlainText.OneLine(result.Output, 400),
        };
        findings.Add(StepName.Program, $"{command.Path} {shows}", ok ? StepOutcome.Ok : StepOutcome.Failed, mark, new(said, said));
        return ok ? null : Failed(target, ProgramReport.Of(command, result), said);
    }

    /// <summary>The conversation that mail has in style smtp, up to what comes before the content.</summary>
    async Task<Evidence?> ConverseAsync(TestTarget target, SendmailSettings settings, Findings findings, CancellationToken cancellationToken)
    {
        var command = new ProgramCommand(settings.Path, ["-bs"]) { Timeout = settings.Timeout };
        var mark = findings.Mark();
        var (conversation, trouble) = await runner.ConverseAsync(command, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (conversation is null)
        {
            findings.Add(StepName.Greeting, null, StepOutcome.Failed, mark, new(trouble!.Trouble ?? "", trouble.Trouble ?? ""));
            return Failed(target, ProgramReport.Of(command, trouble), trouble.Trouble ?? "");
        }

        await using (conversation)
        {
            var watch = new SessionWatch(SessionTransport.RelayFor(command), target, null, findings);
            try
            {
                await using var session = await SmtpSession.ConnectAsync(SessionTransport.RelayFor(command), conversation.Connection, watch, clock, cancellationToken);
                var evidence = await EnvelopeCheck.RunAsync(session, target, watch.Sight, findings, cancellationToken);
                await session.QuitAsync(cancellationToken);
                return evidence;
            }
            catch (SmtpException refused)
            {
                var end = await conversation.EndAsync();
                var said = ProgramOutcome.DescribeBreak(command.Path, refused.Message, end);
                findings.Add(StepName.Of(FaultOf.Stage(refused.Stage)), null, StepOutcome.Failed, mark, new(said, said));
                return refused.Reply is { } reply
                    ? new(target.Transport, watch.Sight, FaultOf.Stage(refused.Stage)) { Reply = FaultOf.Reply(reply) }
                    : Failed(target, ProgramReport.Of(command, end), said);
            }
        }
    }

    async Task<Evidence?> PhpAsync(TestTarget target, PhpSettings settings, Findings findings, CancellationToken cancellationToken)
    {
        var (_, trouble) = Look(target, settings.Path, findings);
        if (trouble is not null)
        {
            return trouble;
        }

        var mark = findings.Mark();
        var report = (await php.LookAsync(target.Transport, afresh: true).WaitAsync(cancellationToken))!;
        var said = report.Problem ?? $"PHP {report.Version}, {report.IniFile ?? "no php.ini"}, sendmail_path {report.SendmailPath}";
        findings.Add(StepName.Program, "php", report.Problem is null ? StepOutcome.Ok : StepOutcome.Failed, mark, new(said, said));
        if (report.Problem is not null)
        {
            return new(target.Transport, new(), TransportStage.Program)
            {
                Fault = new(TransportStage.Program, TransportFaultKind.ProgramUnusable, report.Problem),

                // Without a version it was no PHP that answered, or nothing did: then its words are all there is.
                Program = report.Version is not null ? new(settings.Path, ProgramEnd.Exited, PhpExit.NoMail, "")
                    : report.Problem.EndsWith("did not answer as expected", StringComparison.Ordinal) ? new(settings.Path, ProgramEnd.Exited, 0, "") : null,
            };
        }

        // PHP hands the rest to a shell; its first word is the program.
        var mailer = report.SendmailPath?.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return mailer is ['/', ..] ? Look(target, mailer, findings).Evidence : null;
    }

    static Evidence Failed(TestTarget target, ProgramReport report, string detail) => new(target.Transport, new(), TransportStage.Program)
    {
        Fault = new(TransportStage.Program, TransportFaultKind.ProgramFailed, detail),
        Program = report,
    };
}

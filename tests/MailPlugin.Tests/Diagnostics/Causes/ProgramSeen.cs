using MailPlugin.Diagnostics.Causes;
using MailPlugin.Settings;
using MailPlugin.Transports;
using MailPlugin.Transports.Programs;

namespace MailPlugin.Tests.Diagnostics.Causes;

/// <summary>What is seen of a program's run.</summary>
internal static class ProgramSeen
{
    const string Path = "/usr/sbin/sendmail";
    static readonly OutgoingMessage Message = new("a@example.com", ["b@example.org"], default, default);

    public static Evidence Ran(ProgramEnd end) => Ran(new ProgramResult(end) { Signal = end == ProgramEnd.Killed ? 9 : null });

    public static Evidence Ended(int exitCode) => Ran(new ProgramResult(ProgramEnd.Exited) { ExitCode = exitCode });

    public static Evidence Ran(ProgramResult result) => Evidence.Of(Outcome(result), Pipe(SendmailStyle.Pipe), new());

    /// <summary>It ended with these words on its standard error.</summary>
    public static Evidence Said(int exitCode, string error) => Ran(new ProgramResult(ProgramEnd.Exited) { ExitCode = exitCode, Error = error });

    /// <summary>A conversation that broke.</summary>
    public static Evidence BrokeOff() => Evidence.Of(
        Outcome(new(ProgramEnd.Exited) { ExitCode = 0 }) with { Fault = new(TransportStage.Program, TransportFaultKind.ProgramFailed, "ended the conversation") }, Pipe(SendmailStyle.Smtp), new());

    public static Evidence NotPhp() => Evidence.Of(
        Outcome(new(ProgramEnd.Exited) { ExitCode = 0 }) with { Fault = new(TransportStage.Program, TransportFaultKind.ProgramUnusable, "did not answer as PHP does") },
        new() { Id = "t", Name = "t", Mode = TransportMode.Php, Php = new() { Path = "/usr/bin/php" } }, new());

    /// <summary>An address that was not handed over.</summary>
    public static Evidence Withheld() => Evidence.Of(
        new TransportOutcome(Message, [new("b@example.org", RecipientVerdict.Refused, TransportStage.Program, new(553, "5.1.3", "5.1.3 not handed over"))]), Pipe(SendmailStyle.Pipe), new());

    static TransportOutcome Outcome(ProgramResult result) => ProgramOutcome.Of(Message, new(Path, []), result, ProgramOutcome.NothingRefused);

    static TransportSettings Pipe(SendmailStyle style) => new() { Id = "t", Name = "t", Mode = TransportMode.Sendmail, Sendmail = new() { Path = Path, Style = style } };
}

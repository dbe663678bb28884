namespace MailPlugin.Transports.Programs;

/// <summary>A program's run in the terms of the transport seam. A program that ended by itself has answered; everything else is a fault of the transport.</summary>
internal static class ProgramOutcome
{
    const int MaxReply = 600;

    public static IReadOnlyDictionary<string, TransportReply> NothingRefused { get; } = new Dictionary<string, TransportReply>();

    /// <param name="message">The message.</param>
    /// <param name="refused">Recipients that were not handed over, with what stands against them.</param>
    public static TransportOutcome Of(OutgoingMessage message, ProgramCommand command, ProgramResult result, IReadOnlyDictionary<string, TransportReply> refused)
    {
        var reply = result is { ExitCode: { } code } ? Reply(code, result) : null;
        var (verdict, fault) = Judge(command.Path, result);
        return new(message, [.. message.Recipients.Select(address => refused.TryGetValue(address, out var against)
            ? new RecipientOutcome(address, RecipientVerdict.Refused, TransportStage.Program, against)
            : new(address, verdict, TransportStage.Program, fault is null ? reply : null))])
        {
            Fault = fault,
            FinalReply = fault is null ? reply : null,
            Duration = result.Duration,
            Program = ProgramReport.Of(command, result),
        };
    }

    /// <summary>In a few words why a program was of no use.</summary>
    public static string Describe(string path, ProgramResult result) =>
        Judge(path, result).Fault?.Detail ?? (result.ExitCode is > 0 and var code ? Describe(code, result) : $"{path} did not answer as expected");

    /// <summary>In one line: <c>exit code 75 (EX_TEMPFAIL): what it said</c>.</summary>
    public static string Describe(int code, ProgramResult result)
    {
        var name = Sysexits.NameOf(code) is { } known ? $" ({known})" : "";
        var said = PlainText.OneLine(result.Error.Length > 0 || code == 0 ? result.Error : result.Output, MaxReply);
        return said.Length > 0 ? $"exit code {code}{name}: {said}" : $"exit code {code}{name}";
    }

    /// <summary>Why a conversation broke: what was noticed here, and how the program ended.</summary>
    public static string DescribeBreak(string path, string noticed, ProgramResult result) => result switch
    {
        { ExitCode: { } code } => $"{path} ended the conversation: {Describe(code, result)}",
        { Signal: { } signal } => WithWords($"{path} was ended by signal {signal}", result),
        _ => WithWords($"{path}: {noticed}", result),
    };

    static TransportReply Reply(int code, ProgramResult result) => new(0, null, Describe(code, result)) { Exit = code };

    static (RecipientVerdict Verdict, TransportFault? Fault) Judge(string path, ProgramResult result) => result.End switch
    {
        ProgramEnd.Exited when result is { ExitCode: 0, WasReadWhole: true } => (RecipientVerdict.Accepted, null),
        ProgramEnd.Exited when result.ExitCode == 0 => (RecipientVerdict.NotSent, Failed($"{path} ended with exit code 0, but did not read the message")),
        ProgramEnd.Exited => (RecipientVerdict.Refused, null),
        ProgramEnd.Killed => Broken(result, Failed(WithWords($"{path} was ended by signal {result.Signal}", result))),
        ProgramEnd.TimedOut => Broken(result, Failed(WithWords($"{path} took longer than allowed and was ended", result))),
        ProgramEnd.Lost => Broken(result, Failed($"the exit code of {path} was lost: the host was started with SIGCHLD ignored")),
        ProgramEnd.Canceled => Broken(result, new(TransportStage.Program, TransportFaultKind.Canceled, $"{path} was called back before it had ended")),
        ProgramEnd.NotStarted => (RecipientVerdict.NotSent, Failed($"{path} could not be started: {result.Trouble}")),
        ProgramEnd.Missing => (RecipientVerdict.NotSent, Unusable($"there is no program at {path}")),
        ProgramEnd.IsFolder => (RecipientVerdict.NotSent, Unusable($"{path} is a folder")),
        ProgramEnd.NotExecutable => (RecipientVerdict.NotSent, Unusable($"{path} is not executable")),
        ProgramEnd.PermissionDenied => (RecipientVerdict.NotSent, Unusable($"the host may not run {path}")),
        ProgramEnd.InterpreterMissing => (RecipientVerdict.NotSent, Unusable($"what {path} names in its first line to run it is missing")),
        ProgramEnd.NotAProgram => (RecipientVerdict.NotSent, Unusable($"{path} is not a program for this system")),
        _ => (RecipientVerdict.NotSent, Unusable("programs are run on Linux only")),
    };

    /// <summary>Once it has read the whole message nobody knows whether it passed it on.</summary>
    static (RecipientVerdict, TransportFault) Broken(ProgramResult result, TransportFault fault) =>
        (result.WasReadWhole ? RecipientVerdict.Uncertain : RecipientVerdict.NotSent, fault);

    static string WithWords(string text, ProgramResult result) =>
        PlainText.OneLine(result.Error, MaxReply) is { Length: > 0 } said ? $"{text}: {said}" : text;

    static TransportFault Failed(string detail) => new(TransportStage.Program, TransportFaultKind.ProgramFailed, detail);

    static TransportFault Unusable(string detail) => new(TransportStage.Program, TransportFaultKind.ProgramUnusable, detail);
}

namespace MailPlugin.Transports.Programs;

/// <summary>What a program did that a message was handed to, for whoever has to find out why.</summary>
/// <param name="Path">The program.</param>
/// <param name="ExitCode">Null when it never ran, or did not end by itself.</param>
/// <param name="Stderr">In lines, bounded, without control characters.</param>
internal sealed record ProgramReport(string Path, ProgramEnd End, int? ExitCode, string Stderr)
{
    /// <summary>The signal that ended it.</summary>
    public int? Signal { get; init; }

    /// <summary>Whether it took the whole message, so that it may have sent it whatever came after.</summary>
    public bool MayHaveIt { get; init; }

    public static ProgramReport Of(ProgramCommand command, ProgramResult result) => new(command.Path, result.End, result.ExitCode, result.Error)
    {
        Signal = result.Signal,
        MayHaveIt = result.WasReadWhole,
    };
}

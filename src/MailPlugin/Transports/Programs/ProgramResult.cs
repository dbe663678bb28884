namespace MailPlugin.Transports.Programs;

/// <summary>How a program's run came out.</summary>
internal sealed record ProgramResult(ProgramEnd End)
{
    /// <summary>Set when it ended by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it.</summary>
    public int? Signal { get; init; }

    /// <summary>What it said on its standard error: the beginning and the end, without control characters.</summary>
    public string Error { get; init; } = "";

    /// <summary>The same of its standard output.</summary>
    public string Output { get; init; } = "";

    /// <summary>Whether it took the whole input: otherwise it cannot have the message.</summary>
    public bool WasReadWhole { get; init; }

    /// <summary>What the system said when it could not be started.</summary>
    public string? Trouble { get; init; }

    public TimeSpan Duration { get; init; }
}

/// <summary>How a run ended.</summary>
internal enum ProgramEnd
{
    /// <summary>By itself, with an exit code.</summary>
    Exited,

    /// <summary>By a signal that somebody else sent.</summary>
    Killed,

    /// <summary>It took too long and was ended with all its children.</summary>
    TimedOut,

    /// <summary>It was called back, and was ended with all its children.</summary>
    Canceled,

    /// <summary>Its exit code was lost, because the host ignores its children.</summary>
    Lost,

    Missing,
    IsFolder,
    NotExecutable,
    PermissionDenied,

    /// <summary>It is there, but what its first line names to run it is not.</summary>
    InterpreterMissing,

    /// <summary>The system does not know how to run such a file.</summary>
    NotAProgram,

    /// <summary>The system could not start it just now: no memory, no place for another process.</summary>
    NotStarted,

    /// <summary>This version runs programs on Linux only.</summary>
    NotSupported,
}

namespace MailPlugin.Settings;

/// <summary>The mail system of this host, by the program that all of them bring.</summary>
internal sealed record SendmailSettings
{
    /// <summary>Absolute path.</summary>
    public required string Path { get; init; }

    public SendmailStyle Style { get; init; } = SendmailStyle.Pipe;

    /// <summary>How long a program may run in style pipe, how long a reply may take in style smtp.</summary>
    public TimeSpan Timeout { get; init; } = ProgramTimeout.Standard;
}

internal enum SendmailStyle
{
    /// <summary><c>-i -f sender -- recipients</c>, the message on standard input.</summary>
    Pipe,

    /// <summary><c>-bs</c>: SMTP on standard input and output.</summary>
    Smtp,
}

internal sealed record QmailSettings
{
    /// <summary>Absolute path of qmail's <c>sendmail</c> or of <c>qmail-inject</c>.</summary>
    public required string Path { get; init; }
}

/// <summary>PHP's <c>mail()</c>, ruled by <c>php.ini</c>.</summary>
internal sealed record PhpSettings
{
    /// <summary>Absolute path of the command-line <c>php</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The <c>php.ini</c> to use; null: PHP's own.</summary>
    public string? IniFile { get; init; }
}

internal static class ProgramTimeout
{
    public static readonly TimeSpan Standard = TimeSpan.FromSeconds(60);
}

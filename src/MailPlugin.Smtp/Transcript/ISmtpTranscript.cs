namespace MailPlugin.Smtp;

/// <summary>
/// Is told what was said on a session, line by line, as it happens. Login exchanges arrive with a placeholder instead of what was said.
/// Called from one session at a time, never concurrently; should be quick. What it throws is ignored.
/// </summary>
public interface ISmtpTranscript
{
    /// <summary>How much of the content is wanted; asked for each transaction.</summary>
    SmtpTranscriptContent Content { get; }

    /// <summary>A line was said.</summary>
    void Write(in SmtpTranscriptLine line);

    /// <summary>Something happened, in structure; who only keeps lines leaves it alone.</summary>
    void Observe(SmtpEvent happened)
    {
    }
}

/// <summary>How much of a message's content a transcript shows.</summary>
public enum SmtpTranscriptContent
{
    /// <summary>Only its size.</summary>
    None,

    /// <summary>The header block.</summary>
    Headers,

    /// <summary>Everything.</summary>
    Full,
}

/// <summary>One line of a transcript.</summary>
/// <param name="At">When.</param>
/// <param name="From">Who said it.</param>
/// <param name="Text">What, without the line end and with control characters escaped.</param>
/// <param name="Tls">Whether TLS protected it.</param>
public readonly record struct SmtpTranscriptLine(DateTimeOffset At, SmtpSpeaker From, string Text, bool Tls);

/// <summary>Who said a line of a transcript.</summary>
public enum SmtpSpeaker
{
    /// <summary>This side.</summary>
    Client,

    /// <summary>The server.</summary>
    Server,

    /// <summary>Nobody: what happened between the lines, such as a connection made or lost.</summary>
    Info,
}

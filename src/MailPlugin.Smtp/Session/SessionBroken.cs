namespace MailPlugin.Smtp;

/// <summary>The session cannot go on. Never leaves the library: it becomes an <see cref="SmtpException"/> or the fault of an outcome.</summary>
internal sealed class SessionBroken(SmtpFault fault, string message, Exception? cause = null, SmtpReply? reply = null)
    : Exception(message, cause)
{
    internal SmtpFault Fault => fault;

    internal SmtpReply? Reply => reply;

    /// <summary>Whether the fault was met while writing: replies may still wait to be read.</summary>
    internal bool WhileWriting { get; init; }
}

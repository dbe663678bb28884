using MailPlugin.Transports.Programs;

namespace MailPlugin.Transports;

/// <summary>What became of one message on one transport.</summary>
/// <param name="Message">The message as it was given.</param>
/// <param name="Recipients">One for each recipient, in the message's order.</param>
internal sealed record TransportOutcome(OutgoingMessage Message, IReadOnlyList<RecipientOutcome> Recipients)
{
    /// <summary>Set when it was the session that failed, before or while this message was on it.</summary>
    public TransportFault? Fault { get; init; }

    /// <summary>The reply that ended the transaction, if one came.</summary>
    public TransportReply? FinalReply { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>Protocol and cipher, for people; null on a plain connection.</summary>
    public string? Tls { get; init; }

    public string? TranscriptId { get; init; }

    /// <summary>What a program did, where it was one.</summary>
    public ProgramReport? Program { get; init; }
}

/// <summary>What became of one recipient.</summary>
/// <param name="Address">The recipient.</param>
/// <param name="Verdict">What happened.</param>
/// <param name="Stage">Where it was decided.</param>
/// <param name="Reply">The reply that decided it; null when none came.</param>
internal sealed record RecipientOutcome(string Address, RecipientVerdict Verdict, TransportStage Stage, TransportReply? Reply)
{
    /// <summary>Where the next transport is to send it instead, when it was passed on.</summary>
    public string? RedirectTo { get; init; }
}

internal enum RecipientVerdict
{
    /// <summary>The relay took responsibility.</summary>
    Accepted,

    /// <summary>Kept and shown, not sent (mode capture).</summary>
    Captured,

    /// <summary>The relay refused; the reply says whether for now or for good.</summary>
    Refused,

    /// <summary>Nothing of it reached the relay's responsibility: it may be sent anew at once.</summary>
    NotSent,

    /// <summary>The content went out and no reply came.</summary>
    Uncertain,

    /// <summary>This transport leaves it to the next one in order (mode capture).</summary>
    PassedOn,
}

/// <summary>A reply in the field's terms (RFC 5321 4.2, RFC 3463), or a program's exit put into them.</summary>
/// <param name="Code">Three digits; 0 for a program.</param>
/// <param name="EnhancedStatus">Such as <c>5.1.1</c>; null when none was given.</param>
/// <param name="Text">The server's words, the enhanced status in front where there is one; control characters escaped.</param>
internal sealed record TransportReply(int Code, string? EnhancedStatus, string Text)
{
    /// <summary>The exit code, where a program answered.</summary>
    public int? Exit { get; init; }

    /// <summary>Unknown means transient: mail is not destroyed for a reply that nobody understands.</summary>
    public bool IsPermanent => Code is >= 500 and < 600;

    /// <summary>As the API and the page show it: <c>550 5.1.1 no such user</c>.</summary>
    public override string ToString() =>
        Code == 0 ? Text : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Code:000} {Text}");
}

/// <summary>The step of a delivery, in the API's words.</summary>
internal enum TransportStage
{
    Resolve,
    Connect,
    Tls,
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Content,
    Program,
}

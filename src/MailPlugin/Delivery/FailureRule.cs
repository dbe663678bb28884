using MailPlugin.Transports;

namespace MailPlugin.Delivery;

/// <summary>One row of the table; what is null does not matter.</summary>
/// <param name="Name">For tests and the log.</param>
internal sealed record FailureRule(string Name, FailureDecision Decision)
{
    public IReadOnlyCollection<TransportFaultKind>? Faults { get; init; }

    public IReadOnlyCollection<TransportStage>? Stages { get; init; }

    public IReadOnlyCollection<int>? Codes { get; init; }

    /// <summary>Enhanced status codes (RFC 3463); empty text: none was given.</summary>
    public IReadOnlyCollection<string>? Enhanced { get; init; }

    /// <summary>Exit codes of a program.</summary>
    public IReadOnlyCollection<int>? Exits { get; init; }

    /// <summary>Whether several recipients shared the outcome.</summary>
    public bool? Shared { get; init; }

    /// <summary>Whether the transport took other mail since this message was last tried: then it is the message.</summary>
    public bool? Overtaken { get; init; }

    /// <summary>How often the message was deferred before, at least.</summary>
    public int Tries { get; init; }

    /// <summary>Whether the reply is permanent.</summary>
    public bool? Permanent { get; init; }

    /// <summary>What the reply's words are to say.</summary>
    public Func<string, bool>? Says { get; init; }

    /// <summary>Only where a session stood and a command was refused; a session that failed says nothing of mail, whatever its last reply was.</summary>
    public bool SessionStood { get; init; }

    /// <summary>Whether another recipient of the same transaction was accepted.</summary>
    public bool? OthersAccepted { get; init; }

    /// <summary>Whether every recipient of the transaction was refused in the same way.</summary>
    public bool? AllRefused { get; init; }

    /// <summary>Whether the transport took other mail lately: then its settings cannot be wrong as a whole.</summary>
    public bool? Proven { get; init; }

    public bool Fits(Failure failure) =>
        (Faults is null || (failure.Fault is { } fault && Faults.Contains(fault)))
        && (!SessionStood || failure.Fault is null)
        && (Stages is null || Stages.Contains(failure.Stage))
        && (Codes is null || (failure.Reply is { } coded && Codes.Contains(coded.Code)))
        && (Enhanced is null || (failure.Reply is { } enhanced && Enhanced.Contains(enhanced.EnhancedStatus ?? "")))
        && (Exits is null || (failure.Reply?.Exit is { } exit && Exits.Contains(exit)))
        && (Shared is null || Shared == failure.Shared)
        && (Overtaken is null || Overtaken == failure.Overtaken)
        && failure.Tries >= Tries
        && (Permanent is null || (failure.Reply is { IsPermanent: true } == Permanent && (Permanent == true || failure.Reply is not null)))
        && (Says is null || (failure.Reply is { } spoken && Says(spoken.Text)))
        && (OthersAccepted is null || OthersAccepted == failure.OthersAccepted)
        && (AllRefused is null || AllRefused == failure.AllRefused)
        && (Proven is null || Proven == failure.Proven);
}

/// <summary>What the table judges.</summary>
/// <param name="Fault">Set when it was the session that failed.</param>
/// <param name="Stage">Where.</param>
/// <param name="Reply">The reply that decided, if one came.</param>
internal sealed record Failure(TransportFaultKind? Fault, TransportStage Stage, TransportReply? Reply)
{
    public bool OthersAccepted { get; init; }

    /// <summary>A program has one exit code for all recipients that it was given.</summary>
    public bool Shared { get; init; }

    public bool AllRefused { get; init; }

    public bool Proven { get; init; }

    public bool Overtaken { get; init; }

    public int Tries { get; init; }
}

using MailPlugin.Settings;
using MailPlugin.Transports;
using MailPlugin.Transports.Programs;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>What is known of one failure: the settings, what was seen, and what ended it.</summary>
/// <param name="Transport">The settings that were tried.</param>
/// <param name="Sight">What was seen of the session.</param>
/// <param name="Stage">Where it ended.</param>
internal sealed record Evidence(TransportSettings Transport, SessionSight Sight, TransportStage Stage)
{
    /// <summary>Set when it was the session that failed.</summary>
    public TransportFault? Fault { get; init; }

    /// <summary>The reply that ended it, if one did.</summary>
    public TransportReply? Reply { get; init; }

    /// <summary>What is the matter with this host itself.</summary>
    public HostFacts Host { get; init; } = HostFacts.Sound;

    /// <summary>What a program did, where it was one.</summary>
    public ProgramReport? Program { get; init; }

    /// <summary>The content went out, and nobody knows whether it arrived.</summary>
    public bool IsUncertain { get; init; }

    public static Evidence Of(TransportFault fault, TransportSettings transport, SessionSight sight) =>
        new(transport, sight, fault.Stage) { Fault = fault, Reply = fault.Reply };

    public static Evidence Of(TransportOutcome outcome, TransportSettings transport, SessionSight sight)
    {
        var decided = outcome.Recipients.FirstOrDefault(recipient => recipient.Verdict != RecipientVerdict.Accepted);
        return new(transport, sight, outcome.Fault?.Stage ?? decided?.Stage ?? TransportStage.Content)
        {
            Fault = outcome.Fault,
            Reply = outcome.Fault?.Reply ?? decided?.Reply ?? outcome.FinalReply,
            Program = outcome.Program,
            IsUncertain = outcome.Recipients.Any(recipient => recipient.Verdict == RecipientVerdict.Uncertain),
        };
    }
}

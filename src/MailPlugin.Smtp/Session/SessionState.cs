namespace MailPlugin.Smtp;

/// <summary>What transactions leave behind for the next ones on the same session.</summary>
internal sealed class SessionState(SmtpRelay relay, Dialogue dialogue, SmtpCapabilities capabilities, Deadline deadline, TimeProvider time)
{
    int _learnedMaximum = int.MaxValue;

    internal SmtpRelay Relay => relay;

    internal Dialogue Dialogue => dialogue;

    internal SmtpCapabilities Capabilities => capabilities;

    internal Deadline Deadline => deadline;

    internal TimeProvider Time => time;

    /// <summary>Nothing more can be said.</summary>
    internal bool IsBroken { get; set; }

    /// <summary>The server contradicted itself: what is in flight is waited for, and nothing new is begun.</summary>
    internal bool IsClosing { get; set; }

    /// <summary>The server may still hold an envelope.</summary>
    internal bool NeedsReset { get; set; }

    /// <summary>A transaction was begun before.</summary>
    internal bool WasUsed { get; set; }

    internal int MaxRecipients => Math.Max(1, Math.Min(relay.MaxRecipients, _learnedMaximum));

    internal void LearnMaximum(int taken) => _learnedMaximum = Math.Min(_learnedMaximum, taken);
}

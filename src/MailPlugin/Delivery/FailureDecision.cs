namespace MailPlugin.Delivery;

/// <summary>What is done about a failure.</summary>
internal enum FailureDecision
{
    /// <summary>It waits for its next attempt.</summary>
    Defer,

    /// <summary>It waits, the first time only as long as greylisting asks.</summary>
    DeferShortly,

    /// <summary>It is sent in the next transaction, now.</summary>
    SendAgain,

    /// <summary>It is sent now, to one recipient at a time: the refusal of one answered for all of them.</summary>
    SendApart,

    /// <summary>This transport cannot be used just now: the next one is tried, else it waits for this one.</summary>
    TryElsewhere,

    /// <summary>The settings of this transport are wrong: it is suspended, the next one is tried, the message waits and is never destroyed.</summary>
    Suspend,

    /// <summary>The host stops: back into the queue, as if nothing had happened.</summary>
    Release,

    /// <summary>Our own store failed, not the message and not the transport: back into the queue for a moment, as if nothing had happened.</summary>
    LookAgain,

    /// <summary>Refused for good.</summary>
    Fail,

    /// <summary>Refused for good, because the address does not exist: nothing more is sent to it for a while.</summary>
    FailAndSuppress,
}

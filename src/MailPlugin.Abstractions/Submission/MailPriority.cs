namespace MailPlugin.Abstractions;

/// <summary>The lane in which a message waits. Each lane has its share of the sessions; none starves.</summary>
public enum MailPriority
{
    /// <summary>Ordinary mail.</summary>
    Normal,

    /// <summary>Someone waits for it, such as a password reset.</summary>
    High,

    /// <summary>Newsletters and the like.</summary>
    Bulk,
}

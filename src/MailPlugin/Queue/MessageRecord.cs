using MailPlugin.Abstractions;

namespace MailPlugin.Queue;

/// <summary>A message as people see it.</summary>
internal sealed record MessageRecord
{
    public required string Id { get; init; }

    public required string MessageId { get; init; }

    public MessageStatus Status => MessageStatuses.Of(Recipients.Select(recipient => recipient.State));

    public required string Source { get; init; }

    public required string Subject { get; init; }

    public required MailAddress From { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? NextAttemptAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public TimeSpan HeldBase { get; init; }

    /// <summary>The one transport it is bound to; empty: none.</summary>
    public required string Transport { get; init; }

    /// <summary>The transport that was tried last.</summary>
    public string? LastTransport { get; init; }

    public required MailPriority Priority { get; init; }

    public string? Template { get; init; }

    public required string Owner { get; init; }

    public required IReadOnlyList<Recipient> Recipients { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Attempt> Attempts { get; init; } = [];

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public long Size { get; init; }

    public bool HasContent { get; init; }

    public bool FromIsDefault { get; init; }

    public bool NeedsSmtpUtf8 { get; init; }

    public string? EnvelopeFrom { get; init; }

    public DeliveryStatusRequest? Dsn { get; init; }

    public string? ResentFrom { get; init; }

    public string? ResentTo { get; init; }
}

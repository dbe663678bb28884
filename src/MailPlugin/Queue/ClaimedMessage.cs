using MailPlugin.Abstractions;

namespace MailPlugin.Queue;

/// <summary>A message in the hands of a worker.</summary>
internal sealed record ClaimedMessage
{
    public required long Key { get; init; }

    public required string Id { get; init; }

    public required string MessageId { get; init; }

    public required Lease Lease { get; init; }

    public required int Lane { get; init; }

    public required string Source { get; init; }

    /// <summary>The one transport it may use; empty: any.</summary>
    public required string Transport { get; init; }

    public required MailAddress From { get; init; }

    public bool FromIsDefault { get; init; }

    public string? EnvelopeFrom { get; init; }

    public bool NeedsSmtpUtf8 { get; init; }

    public DeliveryStatusRequest? Dsn { get; init; }

    /// <summary>All recipients in their order, open and finished ones.</summary>
    public required IReadOnlyList<Recipient> Recipients { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public TimeSpan HeldBase { get; init; }

    /// <summary>Someone wanted it canceled while the last holder of its lease had it, and that one never said what became of it.</summary>
    public bool CancelRequested { get; init; }

    /// <summary>How often it was deferred: decides how long the next wait is.</summary>
    public required int Tries { get; init; }

    public required long Size { get; init; }
}

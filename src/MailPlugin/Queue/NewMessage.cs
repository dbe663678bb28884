using System.Security.Cryptography;
using MailPlugin.Abstractions;

namespace MailPlugin.Queue;

/// <summary>A composed message on its way into the queue. Nothing of it but states and attempts changes afterwards.</summary>
internal sealed record NewMessage
{
    public required string Id { get; init; }

    /// <summary>The Message-ID header, with angle brackets.</summary>
    public required string MessageId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>What the hold clock of its route said at <see cref="CreatedAt"/>.</summary>
    public TimeSpan HeldBase { get; init; }

    public MailPriority Priority { get; init; } = MailPriority.Normal;

    public string Source { get; init; } = "";

    /// <summary>The one transport it may use; empty: any, in the settings' order.</summary>
    public string Transport { get; init; } = "";

    /// <summary>Who submitted it: id of an API key, or empty.</summary>
    public string Owner { get; init; } = "";

    public string Subject { get; init; } = "";

    public required MailAddress From { get; init; }

    /// <summary>The caller left From to the settings, so that the transport that takes it may put its own.</summary>
    public bool FromIsDefault { get; init; }

    /// <summary>The envelope's sender that the submission named; null: the transport's, the settings', else From.</summary>
    public string? EnvelopeFrom { get; init; }

    public required IReadOnlyList<Recipient> Recipients { get; init; }

    /// <summary>Header block with CRLF line ends, without the empty line.</summary>
    public required ReadOnlyMemory<byte> Header { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    public bool NeedsSmtpUtf8 { get; init; }

    public DeliveryStatusRequest? Dsn { get; init; }

    public string? Template { get; init; }

    /// <summary>Why none of its recipients is to be sent to, when they come here suppressed.</summary>
    public string? Reason { get; init; }

    /// <summary>The bytes go as soon as nothing is left to send.</summary>
    public bool ForgetsContent { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    public string? ResentFrom { get; init; }

    public IdempotencyMark? Idempotency { get; init; }

    /// <summary>Set: the message is stored as already claimed with this fencing token, for the one who sends it now.</summary>
    public Lease? Lease { get; init; }

    public long Size => Header.Length + 2L + Body.Length;
}

/// <summary>A caller's promise that the same key means the same message.</summary>
/// <param name="Scope">Keys are per caller.</param>
/// <param name="Key">1 to 255 printable ASCII characters.</param>
/// <param name="Hash">SHA-256 of what was submitted.</param>
internal sealed record IdempotencyMark(string Scope, string Key, ReadOnlyMemory<byte> Hash);

/// <summary>The right to write a message's outcome.</summary>
/// <param name="Token">Fences off whoever held the message before.</param>
/// <param name="Until">When others may claim it.</param>
internal sealed record Lease(long Token, DateTimeOffset Until)
{
    /// <summary>Unlike any token before: that is all that fencing needs.</summary>
    public static long NewToken() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(8)) & long.MaxValue;
}

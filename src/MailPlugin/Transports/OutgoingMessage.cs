using MailPlugin.Abstractions;

namespace MailPlugin.Transports;

/// <summary>A finished message on its way through one transport.</summary>
/// <param name="EnvelopeFrom">Address that gets bounces; empty is the null sender.</param>
/// <param name="Recipients">Addresses of the envelope that are still to be served.</param>
/// <param name="Header">The header block with CRLF line ends, without the empty line that ends it.</param>
/// <param name="Body">The body with CRLF line ends.</param>
internal sealed record OutgoingMessage(
    string EnvelopeFrom, IReadOnlyList<string> Recipients, ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Body)
{
    /// <summary>The message's id in the queue, for transcripts.</summary>
    public string? Id { get; init; }

    /// <summary>Whether an address or a header carries UTF-8 (RFC 6531).</summary>
    public bool NeedsSmtpUtf8 { get; init; }

    public DeliveryStatusRequest? Dsn { get; init; }

    /// <summary>The sender's own; comes back with the outcome.</summary>
    public object? State { get; init; }
}

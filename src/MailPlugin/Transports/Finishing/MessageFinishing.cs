using MailPlugin.Abstractions;
using MailPlugin.Settings;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Transports.Finishing;

/// <summary>
/// The one step after the queue that may touch a message, and all that it may do: From of the chosen transport where the caller left it to the settings or the settings
/// force it (some providers demand that it be their login), who it was for where it is redirected, then the signature over the final bytes.
/// </summary>
internal sealed class MessageFinishing(DkimKeys keys)
{
    public FinishedMessage Finish(UnfinishedMessage message, MailSettings settings, TransportSettings transport)
    {
        var own = transport.From ?? settings.From;
        var replaces = own is not null && (message.FromIsDefault || settings.ForceFrom);
        var from = replaces ? own! : message.From;
        var header = replaces ? WithFrom(message, own!) : message.Header;
        header = message.RedirectedFrom.Count > 0 ? WithOriginals(header, message.RedirectedFrom) : header;

        // mail() writes To and Subject anew: no signature over them would hold.
        header = transport.Mode == TransportMode.Php ? header : keys.Sign(settings.Dkim, from.Address, header, message.Body);
        return new(message.EnvelopeFrom ?? transport.EnvelopeFrom ?? settings.EnvelopeFrom ?? AddressOf(from), header);
    }

    static ReadOnlyMemory<byte> WithFrom(UnfinishedMessage message, MailAddress own)
    {
        if (own == message.From && message.Header.Span.IndexOf("Sender:"u8) < 0)
        {
            return message.Header;
        }

        var block = HeaderBlock.Parse(message.Header);
        var (author, sender) = (block.Find("From"), block.Find("Sender"));
        if (sender is not null)
        {
            // Whoever demands to be named as author demands it of the sender too; and one that is the author is not named twice (RFC 5322 section 3.6.2).
            block = block.Remove("Sender");
        }

        if (own == message.From)
        {
            return sender is null ? message.Header : block.ToArray();
        }

        block = block.Replace(HeaderField.Mailbox("From", MailboxAddress.Parse(own.Address, own.Name)));
        if (!message.FromIsDefault && author is not null && block.Find("Reply-To") is null)
        {
            // Answers still reach who wrote it.
            block = block.Replace(HeaderField.Mailbox("Reply-To", MailboxAddress.Parse(message.From.Address, message.From.Name)));
        }

        return block.ToArray();
    }

    static byte[] WithOriginals(ReadOnlyMemory<byte> header, IReadOnlyList<string> originals) =>
        HeaderBlock.Parse(header).Replace(HeaderField.Mailboxes("X-Original-To", [.. originals.Select(address => MailboxAddress.Parse(address))])).ToArray();

    static string AddressOf(MailAddress from) => MailboxAddress.TryParse(from.Address, out var mailbox, out _) ? mailbox.Address : from.Address;
}

/// <param name="From">Who the header names as author.</param>
/// <param name="FromIsDefault">The caller named nobody.</param>
/// <param name="EnvelopeFrom">What the submission asked for.</param>
internal sealed record UnfinishedMessage(ReadOnlyMemory<byte> Header, ReadOnlyMemory<byte> Body, MailAddress From, bool FromIsDefault, string? EnvelopeFrom)
{
    /// <summary>Whom it was for, where it goes to somebody else instead (mode capture).</summary>
    public IReadOnlyList<string> RedirectedFrom { get; init; } = [];
}

internal sealed record FinishedMessage(string EnvelopeFrom, ReadOnlyMemory<byte> Header);

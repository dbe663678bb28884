using System.Security.Cryptography;
using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>Composes messages (RFC 5322, 2045 to 2049, 2183, 2231, 2387): 7-bit unless asked otherwise, so that no relay recodes them and no signature breaks.</summary>
/// <param name="time">Gives Date where a draft has none. Null: the system's clock.</param>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class MessageComposer(TimeProvider? time = null)
{
    const int RandomBytes = 16;

    readonly TimeProvider time = time ?? TimeProvider.System;

    /// <summary>Whether texts may leave as UTF-8 without encoding, for relays known to offer 8BITMIME. Default: no.</summary>
    public bool Allow8Bit { get; init; }

    /// <summary>Composes a draft.</summary>
    /// <exception cref="ArgumentException">The draft breaks a rule of <see cref="HeaderRules"/>, or has no body at all.</exception>
    public ComposedMessage Compose(MessageDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        DraftCheck.ThrowIfInvalid(draft);
        var (messageId, boundary) = DrawIdentity(draft);
        PooledBytes? header = null;
        PooledSegments? body = null;
        try
        {
            header = new PooledBytes(2048);
            body = new PooledSegments(EstimateBody(draft));
            DraftHeader.Write(header, draft, draft.Date ?? time.GetUtcNow(), messageId);
            var parts = new PartWriter(draft, header, body, boundary, Allow8Bit ? TransferEncoding.EightBit : TransferEncoding.SevenBit);
            parts.Write();
            return new ComposedMessage(messageId, header, body, parts.Is7Bit);
        }
        catch
        {
            header?.Dispose();
            body?.Dispose();
            throw;
        }
    }

    // Two random values in one draw: nobody can guess an id to thread on, or a boundary to break out of a part.
    static (string MessageId, string Boundary) DrawIdentity(MessageDraft draft)
    {
        Span<byte> random = stackalloc byte[2 * RandomBytes];
        RandomNumberGenerator.Fill(random);
        var messageId = draft.MessageId ?? $"<{Convert.ToHexStringLower(random[..RandomBytes])}@{draft.From.Domain}>";

        // "=_" occurs neither in quoted-printable nor in base64 (RFC 2045 section 6.7).
        return (messageId, $"=_{Convert.ToHexStringLower(random[RandomBytes..])}");
    }

    static int EstimateBody(MessageDraft draft)
    {
        var bytes = 1024L + ((draft.TextBody?.Length ?? 0) + (draft.HtmlBody?.Length ?? 0)) * 9L / 8;
        foreach (var part in draft.Attachments)
        {
            bytes += part.Content.Length * 3L / 2;
        }

        return (int)Math.Min(bytes, int.MaxValue);
    }
}

namespace MailPlugin.Smtp.Mime;

/// <summary>Content-Transfer-Encoding (RFC 2045 section 6.1).</summary>
public enum TransferEncoding
{
    /// <summary>ASCII, short lines, as it is.</summary>
    SevenBit,

    /// <summary>UTF-8, short lines, as it is. The relay must offer 8BITMIME.</summary>
    EightBit,

    /// <summary>Readable where it is ASCII.</summary>
    QuotedPrintable,

    /// <summary>Four characters for three bytes.</summary>
    Base64,
}

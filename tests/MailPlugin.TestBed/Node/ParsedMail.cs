using System.Text.Json;

namespace MailPlugin.TestBed;

/// <summary>A mail as npm's mailparser understood it.</summary>
public sealed record ParsedMail
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public string? Subject { get; init; }

    public required IReadOnlyList<ParsedAddress> From { get; init; }

    public required IReadOnlyList<ParsedAddress> Sender { get; init; }

    public required IReadOnlyList<ParsedAddress> To { get; init; }

    public required IReadOnlyList<ParsedAddress> Cc { get; init; }

    public required IReadOnlyList<ParsedAddress> Bcc { get; init; }

    public required IReadOnlyList<ParsedAddress> ReplyTo { get; init; }

    public string? MessageId { get; init; }

    public string? InReplyTo { get; init; }

    public required IReadOnlyList<string> References { get; init; }

    public DateTimeOffset? Date { get; init; }

    public string? Text { get; init; }

    public string? Html { get; init; }

    /// <summary>Every header field in its order: the name in lower case, the line as it came.</summary>
    public required IReadOnlyList<ParsedHeader> Headers { get; init; }

    public required IReadOnlyList<ParsedAttachment> Attachments { get; init; }

    /// <summary>How it came; null when it was parsed without a server.</summary>
    public ParsedEnvelope? Envelope { get; init; }

    /// <summary>Who had signed in.</summary>
    public string? User { get; init; }

    /// <summary>Whether it came over TLS.</summary>
    public bool Secure { get; init; }

    /// <summary>The name given in EHLO.</summary>
    public string? Ehlo { get; init; }

    /// <summary>The content as it came, dots already unstuffed; empty when it was parsed without a server.</summary>
    public byte[] Raw { get; init; } = [];

    /// <summary>Gives a message to mailparser, without a server.</summary>
    public static async Task<ParsedMail> OfAsync(ReadOnlyMemory<byte> message)
    {
        Requirement.Demand(Server.NodeSmtpServer);
        return Read(await ForeignProgram.RunAsync(NodeScript.Words("parse", "/"), message));
    }

    internal static ParsedMail Read(string json) => JsonSerializer.Deserialize<ParsedMail>(json, Json)!;
}

/// <summary>An address and its display name, decoded.</summary>
public sealed record ParsedAddress(string Address, string Name);

/// <summary>A header field.</summary>
public sealed record ParsedHeader(string Name, string Line);

/// <summary>MAIL FROM and RCPT TO.</summary>
public sealed record ParsedEnvelope(string From, IReadOnlyList<string> To);

/// <summary>A part that is not the text.</summary>
public sealed record ParsedAttachment(string? Name, string ContentType, string? Disposition, string? ContentId, bool Related, long Size, string Sha256);

using System.Text;

namespace MailPlugin.TestBed;

/// <summary>One delivery: a message as it arrived for one recipient, with the envelope that the server wrote above it.</summary>
public sealed record ReceivedMessage
{
    static readonly string[] Trace = ["Return-Path", "X-Original-To", "Delivered-To", "Delivery-date", "Envelope-to"];

    /// <summary>The file as the server stored it: its lines end in LF, its own trace fields are on top.</summary>
    public required byte[] Raw { get; init; }

    /// <summary>What the client sent, without the server's own trace fields, lines ending in CRLF.</summary>
    public required byte[] Content { get; init; }

    /// <summary>The reverse-path, without brackets; empty for the null sender.</summary>
    public required string ReturnPath { get; init; }

    /// <summary>The recipient as it was given in RCPT.</summary>
    public required string OriginalTo { get; init; }

    /// <summary>The recipient delivered to.</summary>
    public required string DeliveredTo { get; init; }

    /// <summary>The server's Received field, unfolded: it names the protocol (ESMTPSA), the TLS version and the login.</summary>
    public required string Received { get; init; }

    /// <summary>The content as text, one character for each byte.</summary>
    public string Text => Encoding.Latin1.GetString(Content);

    /// <summary>Reads a Maildir file.</summary>
    public static ReceivedMessage Parse(byte[] raw)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var start = 0;
        while (NextField(raw, start) is var (name, value, end) && !fields.ContainsKey("Received") && (name == "Received" || Trace.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            fields[name] = value;
            start = end;
        }

        return new ReceivedMessage
        {
            Raw = raw,
            Content = WithCrLf(raw.AsSpan(start)),
            ReturnPath = fields.GetValueOrDefault("Return-Path", "").Trim('<', '>'),
            OriginalTo = fields.GetValueOrDefault("X-Original-To") ?? fields.GetValueOrDefault("Envelope-to", ""),
            DeliveredTo = fields.GetValueOrDefault("Delivered-To") ?? fields.GetValueOrDefault("Envelope-to", ""),
            Received = fields.GetValueOrDefault("Received", ""),
        };
    }

    static (string Name, string Value, int End)? NextField(byte[] raw, int start)
    {
        var end = start;
        do
        {
            var line = raw.AsSpan(end).IndexOf((byte)'\n');
            end = line < 0 ? raw.Length : end + line + 1;
        }
        while (end < raw.Length && raw[end] is (byte)' ' or (byte)'\t');

        var text = Encoding.UTF8.GetString(raw, start, end - start).Split(':', 2);
        return text.Length == 2 ? (text[0], text[1].ReplaceLineEndings("").Replace('\t', ' ').Trim(), end) : null;
    }

    static byte[] WithCrLf(ReadOnlySpan<byte> lines)
    {
        var result = new MemoryStream(lines.Length + (lines.Length / 32));
        while (lines.IndexOf((byte)'\n') is var line and >= 0)
        {
            result.Write(lines[..line]);
            result.Write("\r\n"u8);
            lines = lines[(line + 1)..];
        }

        result.Write(lines);
        return result.ToArray();
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace MailPlugin.Messages;

/// <summary>
/// Takes a message apart that was composed here: 7-bit, every text in UTF-8, parts in quoted-printable or base64, boundaries that occur nowhere else. It is no reader for the mail of others.
/// </summary>
internal static partial class MessageParts
{
    const int MaxDepth = 8;

    public static List<MessagePart> Read(ReadOnlyMemory<byte> header, ReadOnlyMemory<byte> body)
    {
        var parts = new List<MessagePart>();
        Read(Encoding.UTF8.GetString(header.Span), Encoding.ASCII.GetString(body.Span), parts, 0);
        return parts;
    }

    static void Read(string header, string body, List<MessagePart> parts, int depth)
    {
        var fields = Unfold().Replace(header, " ");
        var type = Field(fields, "Content-Type") ?? "text/plain";
        var boundary = Boundary().Match(type);
        if (type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) && boundary.Success && depth < MaxDepth)
        {
            foreach (var piece in body.Split($"--{boundary.Groups["value"].Value}").Skip(1).TakeWhile(piece => !piece.StartsWith("--", StringComparison.Ordinal)))
            {
                var inner = piece.TrimStart('\r', '\n');
                var end = inner.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                if (end >= 0)
                {
                    var content = inner[(end + 4)..];
                    Read(inner[..end], content.EndsWith("\r\n", StringComparison.Ordinal) ? content[..^2] : content, parts, depth + 1);
                }
            }

            return;
        }

        var bytes = Decode(body, Field(fields, "Content-Transfer-Encoding"));
        var name = FileName().Match(Field(fields, "Content-Disposition") ?? "");
        var contentType = type.Split(';')[0].Trim().ToLowerInvariant();
        var isText = contentType.StartsWith("text/", StringComparison.Ordinal) && !name.Success;
        parts.Add(new(
            contentType, name.Success ? NameOf(name) : null, Field(fields, "Content-ID")?.Trim('<', '>'), bytes.Length, isText ? Encoding.UTF8.GetString(bytes) : null));
    }

    static string NameOf(Match match) => match.Groups["extended"].Success ? Uri.UnescapeDataString(match.Groups["extended"].Value) : match.Groups["plain"].Value;

    static string? Field(string fields, string name) => fields.Split("\r\n")
        .FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    static byte[] Decode(string body, string? encoding) => encoding?.ToLowerInvariant() switch
    {
        "base64" => Base64(body),
        "quoted-printable" => QuotedPrintable(body),
        _ => Encoding.ASCII.GetBytes(body),
    };

    static byte[] Base64(string body)
    {
        var text = Encoding.ASCII.GetBytes(body);
        var bytes = new byte[System.Buffers.Text.Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        System.Buffers.Text.Base64.DecodeFromUtf8(text, bytes, out _, out var written);
        return bytes[..written];
    }

    static byte[] QuotedPrintable(string body)
    {
        var bytes = new List<byte>(body.Length);
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] != '=')
            {
                bytes.Add((byte)body[i]);
            }
            else if (i + 2 < body.Length && char.IsAsciiHexDigit(body[i + 1]) && char.IsAsciiHexDigit(body[i + 2]))
            {
                bytes.Add(Convert.FromHexString(body.AsSpan(i + 1, 2))[0]);
                i += 2;
            }
            else if (body.AsSpan(i).StartsWith("=\r\n"))
            {
                i += 2;
            }
        }

        return [.. bytes];
    }

    [GeneratedRegex("\r\n[ \t]+")]
    private static partial Regex Unfold();

    [GeneratedRegex("boundary=\"?(?<value>[^\";]+)\"?", RegexOptions.IgnoreCase)]
    private static partial Regex Boundary();

    [GeneratedRegex("filename\\*=utf-8''(?<extended>[^;]+)|filename=\"?(?<plain>[^\";]+)\"?", RegexOptions.IgnoreCase)]
    private static partial Regex FileName();
}

/// <param name="Text">Of text that is not attached.</param>
internal sealed record MessagePart(string ContentType, string? Name, string? ContentId, int Size, string? Text);

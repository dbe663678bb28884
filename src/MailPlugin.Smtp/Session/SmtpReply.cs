namespace MailPlugin.Smtp;

/// <summary>A server's reply (RFC 5321 4.2), its texts with control characters escaped.</summary>
public sealed class SmtpReply
{
    readonly string _first;
    readonly string[] _more;

    internal SmtpReply(int code, string first, string[]? more = null)
    {
        (Code, _first, _more) = (code, first, more ?? []);
        EnhancedStatus = FindEnhancedStatus(code, first);
    }

    /// <summary>The reply code, 200 to 599.</summary>
    public int Code { get; }

    /// <summary>The enhanced status code (RFC 2034, RFC 3463) such as <c>5.1.1</c>; null when there is none.</summary>
    public string? EnhancedStatus { get; }

    /// <summary>The lines without their codes.</summary>
    public IReadOnlyList<string> Lines => [_first, .. _more];

    /// <summary>The lines as one.</summary>
    public string Text => _more.Length == 0 ? _first : string.Join(' ', Lines);

    /// <summary>2yz or 3yz.</summary>
    public bool IsPositive => Code < 400;

    /// <summary>4yz: another try may succeed.</summary>
    public bool IsTransient => Code is >= 400 and < 500;

    /// <summary>5yz: it will not.</summary>
    public bool IsPermanent => Code >= 500;

    /// <summary>Code and text, such as <c>550 5.1.1 no such user</c>.</summary>
    public override string ToString() => $"{Code} {Text}";

    /// <summary>The same with some texts starred out: servers like to repeat what they did not understand.</summary>
    internal SmtpReply Without(IReadOnlyList<string> secrets)
    {
        var lines = Lines.Select(line => secrets.Aggregate(line, static (text, secret) => text.Replace(secret, "***", StringComparison.Ordinal))).ToArray();
        return lines.SequenceEqual(Lines) ? this : new SmtpReply(Code, lines[0], lines[1..]);
    }

    /// <summary>Reads a whole reply, final line end included, that the framing has already checked.</summary>
    internal static SmtpReply Parse(ReadOnlySpan<byte> raw)
    {
        var code = ((raw[0] - '0') * 100) + ((raw[1] - '0') * 10) + raw[2] - '0';
        var first = TakeLine(ref raw);
        if (raw.IsEmpty)
        {
            return new SmtpReply(code, first);
        }

        var more = new List<string>();
        while (!raw.IsEmpty)
        {
            more.Add(TakeLine(ref raw));
        }

        return new SmtpReply(code, first, [.. more]);
    }

    static string TakeLine(ref ReadOnlySpan<byte> raw)
    {
        var end = raw.IndexOf((byte)'\n');
        var line = raw[..end];
        raw = raw[(end + 1)..];
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        return line.Length <= 4 ? "" : ServerText.Decode(line[4..]);
    }

    // class "." subject "." detail, and the class is the code's (RFC 2034 4).
    static string? FindEnhancedStatus(int code, string text)
    {
        var end = text.IndexOf(' ', StringComparison.Ordinal);
        var word = end < 0 ? text.AsSpan() : text.AsSpan(0, end);
        if (word.Length is < 5 or > 9 || word[0] != '0' + (code / 100) || word[1] != '.')
        {
            return null;
        }

        var rest = word[2..];
        var dot = rest.IndexOf('.');
        return dot is >= 1 and <= 3 && rest.Length - dot - 1 is >= 1 and <= 3
            && !rest[..dot].ContainsAnyExceptInRange('0', '9') && !rest[(dot + 1)..].ContainsAnyExceptInRange('0', '9')
            ? word.ToString()
            : null;
    }
}

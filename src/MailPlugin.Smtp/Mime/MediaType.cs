using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>A Content-Type value: type, subtype and parameters (RFC 2045 section 5.1).</summary>
sealed record MediaType(string Type, IReadOnlyList<KeyValuePair<string, string>> Parameters)
{
    const int MaximumLength = 500;

    static readonly SearchValues<char> TokenCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`{|}~");

    public bool IsMultipart => Type.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase);

    public bool IsMessage => Type.StartsWith("message/", StringComparison.OrdinalIgnoreCase);

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && text.IndexOfAnyExcept(TokenCharacters) < 0;

    public static bool TryParse(string text, [NotNullWhen(true)] out MediaType? type)
    {
        type = null;
        if (text.Length > MaximumLength || !Ascii.IsValid(text) || HeaderRules.HasControl(text))
        {
            return false;
        }

        var rest = text.AsSpan();
        var end = rest.IndexOf(';');
        var name = (end < 0 ? rest : rest[..end]).Trim(' ');
        rest = end < 0 ? [] : rest[end..];
        var slash = name.IndexOf('/');
        if (slash < 0 || !IsToken(name[..slash]) || !IsToken(name[(slash + 1)..]))
        {
            return false;
        }

        var parameters = new List<KeyValuePair<string, string>>();
        while (!rest.IsEmpty)
        {
            rest = rest[1..].Trim(' ');
            var equals = rest.IndexOf('=');
            if (equals < 0 || !IsToken(rest[..equals]) || !TryReadValue(rest[(equals + 1)..], out var value, out var after))
            {
                // A lone semicolon at the end is common and harmless.
                if (rest.IsEmpty)
                {
                    break;
                }

                return false;
            }

            parameters.Add(new(rest[..equals].ToString(), value));
            rest = after;
        }

        type = new MediaType(name.ToString().ToLowerInvariant(), parameters);
        return true;
    }

    static bool TryReadValue(ReadOnlySpan<char> text, out string value, out ReadOnlySpan<char> after)
    {
        value = "";
        after = [];
        if (!text.StartsWith('"'))
        {
            var end = text.IndexOfAny(';', ' ');
            value = (end < 0 ? text : text[..end]).ToString();
            after = end < 0 ? [] : text[end..].TrimStart(' ');
            return IsToken(value) && (after.IsEmpty || after[0] == ';');
        }

        var content = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                value = content.ToString();
                after = text[(i + 1)..].TrimStart(' ');
                return after.IsEmpty || after[0] == ';';
            }

            if (text[i] == '\\' && ++i == text.Length)
            {
                break;
            }

            content.Append(text[i]);
        }

        return false;
    }
}

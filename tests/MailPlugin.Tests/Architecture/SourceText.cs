using System.Text;

namespace MailPlugin.Tests.Architecture;

/// <summary>
/// Makes comments and literals of C# blank, so that what is left is code. Code inside an interpolated string stays: it is code.
/// </summary>
internal static class SourceText
{
    public static string CodeOf(string source)
    {
        var code = new StringBuilder(source.Length);
        var at = 0;
        Copy(source, ref at, code, closing: '\0');
        return code.ToString();
    }

    /// <summary>Copies code up to the closing bracket of an interpolation, or to the end.</summary>
    static void Copy(string source, ref int at, StringBuilder code, char closing)
    {
        var depth = 0;
        while (at < source.Length)
        {
            var c = source[at];
            if (closing != '\0' && c == closing && depth == 0)
            {
                return;
            }

            depth += c switch { '{' or '(' or '[' => 1, '}' or ')' or ']' => -1, _ => 0 };
            if (Starts(source, at, "//"))
            {
                at = End(source, "\n", at);
            }
            else if (Starts(source, at, "/*"))
            {
                at = End(source, "*/", at + 2) + 2;
                code.Append(' ');
            }
            else if (c == '\'')
            {
                SkipCharacter(source, ref at);
                code.Append(' ');
            }
            else if (c is '"' or '$' or '@' && TrySkipString(source, ref at, code))
            {
                code.Append(' ');
            }
            else
            {
                code.Append(c);
                at++;
            }
        }
    }

    static bool TrySkipString(string source, ref int at, StringBuilder code)
    {
        var start = at;
        var (dollars, verbatim) = (0, false);
        for (; start < source.Length && source[start] is '$' or '@'; start++)
        {
            dollars += source[start] == '$' ? 1 : 0;
            verbatim |= source[start] == '@';
        }

        var quotes = Count(source, start, '"');
        if (quotes == 0)
        {
            return false;
        }

        // Two quotes are an empty string, three or more open a raw one.
        var fence = quotes >= 3 && !verbatim ? quotes : 1;
        at = start + fence;
        while (at < source.Length)
        {
            if (fence > 1 ? Count(source, at, '"') >= fence : source[at] == '"' && !(verbatim && Starts(source, at, "\"\"")))
            {
                at += fence > 1 ? Count(source, at, '"') : 1;
                return true;
            }

            var braces = dollars > 0 ? Count(source, at, '{') : 0;
            if (braces > 0 && (fence > 1 ? braces >= dollars : braces % 2 == 1))
            {
                at += braces;
                code.Append(' ');
                Copy(source, ref at, code, closing: '}');
            }
            else if (braces > 0)
            {
                at += braces;
            }
            else
            {
                // A doubled quote of a verbatim string, an escape, or one character.
                at += (verbatim && source[at] == '"') || (!verbatim && fence == 1 && source[at] == '\\') ? 2 : 1;
            }
        }

        return true;
    }

    static void SkipCharacter(string source, ref int at)
    {
        at += source.Length > at + 1 && source[at + 1] == '\\' ? 3 : 2;
        at = End(source, "'", at) + 1;
    }

    static bool Starts(string source, int at, string text) => string.CompareOrdinal(source, at, text, 0, text.Length) == 0;

    static int End(string source, string text, int from) =>
        from < source.Length && source.IndexOf(text, from, StringComparison.Ordinal) is >= 0 and var found ? found : source.Length;

    static int Count(string source, int at, char c)
    {
        var end = at;
        while (end < source.Length && source[end] == c)
        {
            end++;
        }

        return end - at;
    }
}

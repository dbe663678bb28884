using System.Buffers;

namespace MailPlugin.Templates.Rendering;

/// <summary>Text made harmless in HTML, inside and outside of quotation marks. What needs nothing, which is most, is written in one piece.</summary>
internal static class MarkupText
{
    static readonly SearchValues<char> Special = SearchValues.Create("&<>\"'`=");

    public static void Write(ReadOnlySpan<char> text, TextWriter output)
    {
        while (text.IndexOfAny(Special) is >= 0 and var at)
        {
            if (at > 0)
            {
                output.Write(text[..at]);
            }

            output.Write(Entity(text[at]));
            text = text[(at + 1)..];
        }

        output.Write(text);
    }

    static string Entity(char letter) => letter switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#x27;",
        '`' => "&#x60;",
        _ => "&#x3D;",
    };
}

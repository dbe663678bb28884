using System.Net;
using System.Text;

namespace MailPlugin.Templates.Rendering;

/// <summary>Reads HTML as somebody would who sees only text: paragraphs, lists, links with their addresses. One pass, and never a fault: what is no markup is text.</summary>
internal sealed class HtmlToText
{
    static readonly string[] Blocks = ["p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "blockquote", "pre", "hr", "section", "article", "header", "footer"];
    static readonly string[] Hidden = ["style", "script", "head", "title", "template", "noscript"];

    readonly string _html;
    readonly StringBuilder _text = new();

    /// <summary>The one that is open: links do not stand in links.</summary>
    (string Address, int Start)? _link;
    int _position;

    HtmlToText(string html) => _html = html;

    public static string Convert(string html)
    {
        var reader = new HtmlToText(html);
        reader.Run();
        return reader._text.ToString().Trim();
    }

    void Run()
    {
        while (_position < _html.Length)
        {
            var start = _html.IndexOf('<', _position);
            Words(_html.AsSpan(_position, (start < 0 ? _html.Length : start) - _position));
            if (start < 0)
            {
                return;
            }

            _position = start;
            Markup();
        }
    }

    void Markup()
    {
        if (Starts("<!--"))
        {
            Skip(_html.IndexOf("-->", _position + 4, StringComparison.Ordinal), 3);
            return;
        }

        var isEnd = Starts("</");
        var nameAt = _position + (isEnd ? 2 : 1);
        var isTag = nameAt < _html.Length && (char.IsAsciiLetter(_html[nameAt]) || (!isEnd && _html[nameAt] is '!' or '?'));
        if (!isTag)
        {
            Words("<");
            _position++;
            return;
        }

        var nameEnd = nameAt;
        while (nameEnd < _html.Length && (char.IsAsciiLetterOrDigit(_html[nameEnd]) || _html[nameEnd] is '!' or '?'))
        {
            nameEnd++;
        }

        var name = _html[nameAt..nameEnd].ToLowerInvariant();
        var end = EndOfTag(nameEnd);
        var attributes = _html.AsSpan(nameEnd, Math.Max(0, end - nameEnd));
        Skip(end, 1);
        Element(name, isEnd, attributes);
    }

    void Element(string name, bool isEnd, ReadOnlySpan<char> attributes)
    {
        switch (name)
        {
            case "br":
                Break(1);
                break;
            case "li" when !isEnd:
                Break(1);
                _text.Append("- ");
                break;
            case "tr" or "li":
                Break(1);
                break;
            case "td" or "th" when isEnd:
                Words(" ");
                break;
            case "img" when Attribute(attributes, "alt") is { Length: > 0 } alt:
                Words(alt);
                break;
            case "a":
                Link(isEnd, attributes);
                break;
            case var _ when Hidden.Contains(name) && !isEnd:
                Skip(_html.IndexOf($"</{name}", _position, StringComparison.OrdinalIgnoreCase), 0);
                break;
            case var _ when Blocks.Contains(name):
                Break(2);
                break;
        }
    }

    /// <summary>The address stands behind the words, unless it is what they say.</summary>
    void Link(bool isEnd, ReadOnlySpan<char> attributes)
    {
        if (!isEnd)
        {
            _link = (Attribute(attributes, "href") ?? "", _text.Length);
            return;
        }

        if (_link is { Address: [not '#', ..] } link)
        {
            var words = _text.ToString(Math.Min(link.Start, _text.Length), Math.Max(0, _text.Length - link.Start)).Trim();
            if (words != link.Address && $"mailto:{words}" != link.Address)
            {
                _text.Append(words.Length > 0 ? ": " : "").Append(link.Address);
            }
        }

        _link = null;
    }

    void Words(ReadOnlySpan<char> html)
    {
        var words = html.Contains('&') ? WebUtility.HtmlDecode(html.ToString()) : html;
        foreach (var letter in words)
        {
            if (letter is ' ' or '\t' or '\r' or '\n' or '\f')
            {
                if (_text.Length > 0 && _text[^1] is not (' ' or '\n'))
                {
                    _text.Append(' ');
                }
            }
            else
            {
                _text.Append(letter == '\u00A0' ? ' ' : letter);
            }
        }
    }

    /// <summary>At least so many line ends.</summary>
    void Break(int count)
    {
        while (_text.Length > 0 && _text[^1] == ' ')
        {
            _text.Length--;
        }

        var there = 0;
        while (there < _text.Length && _text[_text.Length - 1 - there] == '\n')
        {
            there++;
        }

        if (_text.Length > 0 && there < count)
        {
            _text.Append('\n', count - there);
        }
    }

    /// <summary>Where the tag's <c>&gt;</c> stands; one in quotation marks is none.</summary>
    int EndOfTag(int from)
    {
        var quote = '\0';
        for (var i = from; i < _html.Length; i++)
        {
            var letter = _html[i];
            if (quote != '\0')
            {
                quote = letter == quote ? '\0' : quote;
            }
            else if (letter == '>')
            {
                return i;
            }
            else if (letter is '"' or '\'')
            {
                quote = letter;
            }
        }

        return -1;
    }

    static string? Attribute(ReadOnlySpan<char> attributes, string name)
    {
        for (var at = 0; at < attributes.Length;)
        {
            var found = attributes[at..].IndexOf(name, StringComparison.OrdinalIgnoreCase);
            if (found < 0)
            {
                return null;
            }

            var start = at + found;
            at = start + name.Length;
            var rest = attributes[at..].TrimStart();
            if ((start == 0 || char.IsWhiteSpace(attributes[start - 1])) && rest.Length > 0 && rest[0] == '=')
            {
                rest = rest[1..].TrimStart();
                var quoted = rest.Length > 0 && rest[0] is '"' or '\'';
                var end = quoted ? rest[1..].IndexOf(rest[0]) : rest.IndexOfAny(" \t\r\n");
                var value = quoted ? end < 0 ? rest[1..] : rest.Slice(1, end) : end < 0 ? rest : rest[..end];
                return WebUtility.HtmlDecode(value.ToString()).Trim();
            }
        }

        return null;
    }

    bool Starts(string text) => string.CompareOrdinal(_html, _position, text, 0, text.Length) == 0;

    /// <summary>To the end where nothing was found.</summary>
    void Skip(int found, int length) => _position = found < 0 ? _html.Length : found + length;
}

using System.Globalization;
using System.Text;

namespace MailPlugin.Settings.Transfer.Formats;

/// <summary>An entry of a PHP array: its key, its value as text, and of which kind that is.</summary>
internal sealed record PhpEntry(string Key, PhpKind Kind, string Text);

internal enum PhpKind
{
    Text,
    Number,
    True,
    False,
    Null,
    Array,

    /// <summary>An expression, a variable, a constant, a call: only PHP could say what it is.</summary>
    Computed,
}

/// <summary>
/// Reads <c>key =&gt; value</c> out of PHP source, a whole <c>config.php</c> or a fragment of it. Nothing is executed: what is not a plain value
/// is told as computed. Curly quotes count as quotes: pages that show code write them.
/// </summary>
internal sealed class PhpArray
{
    const string SingleQuotes = "'‘’";
    const string DoubleQuotes = "\"“”";

    readonly string _text;
    readonly List<(PhpToken Kind, string Text)> _tokens = [];
    int _at;

    PhpArray(string text) => _text = text;

    public static IReadOnlyList<PhpEntry> Read(string text)
    {
        var array = new PhpArray(text);
        array.Tokenize();
        return array.Entries();
    }

    List<PhpEntry> Entries()
    {
        var entries = new List<PhpEntry>();
        for (var index = 0; index < _tokens.Count; index++)
        {
            if (_tokens[index].Kind is PhpToken.Text or PhpToken.Number && index + 1 < _tokens.Count && _tokens[index + 1].Kind == PhpToken.Arrow)
            {
                var (kind, value, next) = Value(index + 2);
                entries.Add(new(_tokens[index].Text, kind, value));
                index = next - 1;
            }
        }

        return entries;
    }

    /// <summary>A value and the token behind it.</summary>
    (PhpKind Kind, string Text, int Next) Value(int index)
    {
        if (index >= _tokens.Count)
        {
            return (PhpKind.Computed, "", index);
        }

        var (kind, text) = _tokens[index];
        if (kind == PhpToken.Open || (kind == PhpToken.Word && text.Equals("array", StringComparison.OrdinalIgnoreCase) && index + 1 < _tokens.Count && _tokens[index + 1].Kind == PhpToken.Open))
        {
            return (PhpKind.Array, "", End(index));
        }

        return Ends(index + 1) && PlainKind(kind, text) is { } plain ? (plain, text, index + 1) : (PhpKind.Computed, "", End(index));
    }

    /// <summary>Whether the value is over: at a comma, an end, or the next key where a comma was forgotten.</summary>
    bool Ends(int index) =>
        index >= _tokens.Count || _tokens[index].Kind is PhpToken.Comma or PhpToken.Close or PhpToken.Semicolon
        || (_tokens[index].Kind is PhpToken.Text or PhpToken.Number && index + 1 < _tokens.Count && _tokens[index + 1].Kind == PhpToken.Arrow);

    static PhpKind? PlainKind(PhpToken kind, string text) => (kind, text.ToLowerInvariant()) switch
    {
        (PhpToken.Text, _) => PhpKind.Text,
        (PhpToken.Number, _) => PhpKind.Number,
        (PhpToken.Word, "true") => PhpKind.True,
        (PhpToken.Word, "false") => PhpKind.False,
        (PhpToken.Word, "null") => PhpKind.Null,
        _ => null,
    };

    /// <summary>The token behind a whole expression, with the brackets in it.</summary>
    int End(int index)
    {
        var depth = 0;
        for (; index < _tokens.Count; index++)
        {
            switch (_tokens[index].Kind)
            {
                case PhpToken.Open:
                    depth++;
                    break;
                case PhpToken.Close when depth > 0:
                    depth--;
                    break;
                case PhpToken.Comma or PhpToken.Close or PhpToken.Semicolon when depth == 0:
                    return index;
            }
        }

        return index;
    }

    void Tokenize()
    {
        while (_at < _text.Length)
        {
            var letter = _text[_at];
            if (char.IsWhiteSpace(letter))
            {
                _at++;
            }
            else if (letter == '#' || Is("//"))
            {
                SkipTo("\n");
            }
            else if (Is("/*"))
            {
                SkipTo("*/");
            }
            else if (SingleQuotes.Contains(letter, StringComparison.Ordinal))
            {
                Quoted(SingleQuotes, isDouble: false);
            }
            else if (DoubleQuotes.Contains(letter, StringComparison.Ordinal))
            {
                Quoted(DoubleQuotes, isDouble: true);
            }
            else if (Is("=>"))
            {
                Add(PhpToken.Arrow, 2);
            }
            else if (char.IsAsciiDigit(letter) || (letter is '-' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1])))
            {
                Add(PhpToken.Number, Length(start: 1, static next => char.IsAsciiDigit(next)));
            }
            else if (char.IsAsciiLetter(letter) || letter == '_')
            {
                Add(PhpToken.Word, Length(start: 1, static next => char.IsAsciiLetterOrDigit(next) || next == '_'));
            }
            else
            {
                Add(letter switch { '(' or '[' => PhpToken.Open, ')' or ']' => PhpToken.Close, ',' => PhpToken.Comma, ';' => PhpToken.Semicolon, _ => PhpToken.Other }, 1);
            }
        }
    }

    void Quoted(string quotes, bool isDouble)
    {
        // A curly quote is closed by any of its kind, a straight one by itself.
        var open = _text[_at++];
        var closing = char.IsAscii(open) ? open.ToString() : quotes;
        var value = new StringBuilder();
        var isComputed = false;
        while (_at < _text.Length && !closing.Contains(_text[_at], StringComparison.Ordinal))
        {
            if (_text[_at] == '\\' && _at + 1 < _text.Length)
            {
                Escape(value, isDouble, closing);
                continue;
            }

            isComputed |= isDouble && _text[_at] == '$' && _at + 1 < _text.Length && (char.IsAsciiLetter(_text[_at + 1]) || _text[_at + 1] is '_' or '{');
            isComputed |= isDouble && _text[_at] == '{' && _at + 1 < _text.Length && _text[_at + 1] == '$';
            value.Append(_text[_at++]);
        }

        _at++;
        _tokens.Add((isComputed ? PhpToken.Other : PhpToken.Text, isComputed ? "" : value.ToString()));
    }

    /// <summary>The escapes of the PHP manual; any other backslash is one.</summary>
    void Escape(StringBuilder value, bool isDouble, string closing)
    {
        var next = _text[_at + 1];
        _at += 2;
        if (next == '\\' || closing.Contains(next, StringComparison.Ordinal))
        {
            value.Append(next);
            return;
        }

        if (!isDouble)
        {
            value.Append('\\').Append(next);
            return;
        }

        switch (next)
        {
            case 'n': value.Append('\n'); break;
            case 'r': value.Append('\r'); break;
            case 't': value.Append('\t'); break;
            case 'v': value.Append('\v'); break;
            case 'e': value.Append('\e'); break;
            case 'f': value.Append('\f'); break;
            case '$': value.Append('$'); break;
            case 'x' when Digits(2, char.IsAsciiHexDigit) is { Length: > 0 } hex: value.Append((char)int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)); break;
            case >= '0' and <= '7':
                _at--;
                value.Append((char)(Digits(3, static digit => digit is >= '0' and <= '7').Aggregate(0, (sum, digit) => (sum * 8) + digit - '0') & 0xff));
                break;
            default: value.Append('\\').Append(next); break;
        }
    }

    string Digits(int most, Func<char, bool> isDigit)
    {
        var begin = _at;
        while (_at < _text.Length && _at - begin < most && isDigit(_text[_at]))
        {
            _at++;
        }

        return _text[begin.._at];
    }

    bool Is(string text) => string.CompareOrdinal(_text, _at, text, 0, text.Length) == 0;

    void SkipTo(string end) => _at = _text.IndexOf(end, _at, StringComparison.Ordinal) is >= 0 and var found ? found + end.Length : _text.Length;

    int Length(int start, Func<char, bool> belongs)
    {
        var length = start;
        while (_at + length < _text.Length && belongs(_text[_at + length]))
        {
            length++;
        }

        return length;
    }

    void Add(PhpToken kind, int length)
    {
        _tokens.Add((kind, _text.Substring(_at, length)));
        _at += length;
    }

    enum PhpToken
    {
        Text,
        Number,
        Word,
        Arrow,
        Open,
        Close,
        Comma,
        Semicolon,
        Other,
    }
}

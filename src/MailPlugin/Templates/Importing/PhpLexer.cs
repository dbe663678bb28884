using System.Text;

namespace MailPlugin.Templates.Importing;

/// <summary>Takes PHP apart without running any of it. It never fails: what has no meaning becomes a symbol that the parser leaves out.</summary>
internal sealed class PhpLexer
{
    static readonly string[] LongSymbols = ["===", "!==", "->", "::", "=>", "==", "!=", ">=", "<=", "&&", "||", ".="];

    readonly string _source;
    readonly List<PhpToken> _tokens = [];
    int _position;
    int _line = 1;

    PhpLexer(string source) => _source = source;

    /// <summary>Of a file, which begins outside of PHP.</summary>
    public static IReadOnlyList<PhpToken> ReadFile(string source)
    {
        var lexer = new PhpLexer(source);
        while (lexer._position < source.Length)
        {
            lexer.Outside();
            lexer.Inside();
        }

        return lexer.Done();
    }

    /// <summary>Of code alone, such as stands in a text.</summary>
    public static IReadOnlyList<PhpToken> ReadCode(string source)
    {
        var lexer = new PhpLexer(source);
        lexer.Inside();
        return lexer.Done();
    }

    List<PhpToken> Done()
    {
        Add(PhpTokenKind.End, "");
        return _tokens;
    }

    void Outside()
    {
        var start = _source.IndexOf("<?", _position, StringComparison.Ordinal);
        var end = start < 0 ? _source.Length : start;
        if (end > _position)
        {
            Add(PhpTokenKind.Outside, _source[_position..end]);
            Move(end);
        }

        if (start < 0)
        {
            return;
        }

        if (Starts("<?="))
        {
            Add(PhpTokenKind.Echo, "<?=");
            Move(start + 3);
        }
        else
        {
            Move(start + (string.Compare(_source, start, "<?php", 0, 5, StringComparison.OrdinalIgnoreCase) == 0 ? 5 : 2));
        }
    }

    void Inside()
    {
        while (_position < _source.Length)
        {
            var letter = _source[_position];
            if (Starts("?>"))
            {
                EndOfPhp();
                return;
            }

            if (char.IsWhiteSpace(letter))
            {
                Move(_position + 1);
            }
            else if (letter == '#' || Starts("//"))
            {
                LineComment();
            }
            else if (Starts("/*"))
            {
                var end = _source.IndexOf("*/", _position + 2, StringComparison.Ordinal);
                Move(end < 0 ? _source.Length : end + 2);
            }
            else
            {
                Token(letter);
            }
        }
    }

    /// <summary>It ends a statement, and one line end behind it belongs to it.</summary>
    void EndOfPhp()
    {
        Add(PhpTokenKind.Symbol, ";");
        Move(_position + 2);
        if (Starts("\r\n"))
        {
            Move(_position + 2);
        }
        else if (Starts("\n"))
        {
            Move(_position + 1);
        }
    }

    void LineComment()
    {
        var end = _source.IndexOf('\n', _position);
        var close = _source.IndexOf("?>", _position, StringComparison.Ordinal);
        end = end < 0 ? _source.Length : end;
        Move(close >= 0 && close < end ? close : end);
    }

    void Token(char letter)
    {
        switch (letter)
        {
            case '\'':
                SingleQuoted();
                return;
            case '"':
                DoubleQuoted();
                return;
            case '$' when _position + 1 < _source.Length && IsNameLetter(_source[_position + 1]):
                Word(PhpTokenKind.Variable, _position + 1);
                return;
        }

        if (char.IsAsciiDigit(letter))
        {
            var end = _position;
            while (end < _source.Length && (char.IsAsciiDigit(_source[end]) || _source[end] == '.'))
            {
                end++;
            }

            Add(PhpTokenKind.Number, _source[_position..end]);
            Move(end);
        }
        else if (IsNameLetter(letter) || letter == '\\')
        {
            Word(PhpTokenKind.Name, _position);
        }
        else
        {
            var symbol = LongSymbols.FirstOrDefault(Starts) ?? letter.ToString();
            Add(PhpTokenKind.Symbol, symbol);
            Move(_position + symbol.Length);
        }
    }

    void Word(PhpTokenKind kind, int start)
    {
        var end = start + 1;
        while (end < _source.Length && (IsNameLetter(_source[end]) || _source[end] == '\\'))
        {
            end++;
        }

        Add(kind, _source[start..end]);
        Move(end);
    }

    void SingleQuoted()
    {
        var text = new StringBuilder();
        var at = _position + 1;
        while (at < _source.Length && _source[at] != '\'')
        {
            at += _source[at] == '\\' && at + 1 < _source.Length && _source[at + 1] is '\\' or '\'' ? 1 : 0;
            text.Append(_source[at++]);
        }

        Add(PhpTokenKind.Text, text.ToString());
        Move(Math.Min(at + 1, _source.Length));
    }

    void DoubleQuoted()
    {
        var parts = new List<PhpTextPart>();
        var text = new StringBuilder();
        var at = _position + 1;
        while (at < _source.Length && _source[at] != '"')
        {
            if (_source[at] == '\\' && at + 1 < _source.Length)
            {
                text.Append(Escape(_source[at + 1]));
                at += 2;
            }
            else if (CodeAt(at) is var (end, code))
            {
                parts.Add(new(false, text.ToString()));
                parts.Add(new(true, code));
                text.Clear();
                at = end;
            }
            else
            {
                text.Append(_source[at++]);
            }
        }

        parts.Add(new(false, text.ToString()));
        Add(PhpTokenKind.Text, string.Concat(parts.Where(part => !part.IsCode).Select(part => part.Value)), parts);
        Move(Math.Min(at + 1, _source.Length));
    }

    /// <summary><c>{$_['link']}</c>, <c>$name</c> or <c>$_[link]</c> in a text.</summary>
    (int End, string Code)? CodeAt(int at)
    {
        if (string.CompareOrdinal(_source, at, "{$", 0, 2) == 0)
        {
            var close = _source.IndexOf('}', at);
            return close < 0 ? null : (close + 1, _source[(at + 1)..close]);
        }

        if (_source[at] != '$' || at + 1 >= _source.Length || !IsNameLetter(_source[at + 1]))
        {
            return null;
        }

        var end = at + 2;
        while (end < _source.Length && IsNameLetter(_source[end]))
        {
            end++;
        }

        var name = _source[at..end];
        if (end < _source.Length && _source[end] == '[' && _source.IndexOf(']', end) is > 0 and var bracket)
        {
            return (bracket + 1, $"{name}['{_source[(end + 1)..bracket].Trim('\'', '"')}']");
        }

        return (end, name);
    }

    static string Escape(char letter) => letter switch
    {
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        '"' or '$' or '\\' or '{' => letter.ToString(),
        _ => "\\" + letter,
    };

    void Add(PhpTokenKind kind, string value, IReadOnlyList<PhpTextPart>? parts = null) => _tokens.Add(new(kind, value, _line, parts));

    void Move(int to)
    {
        _line += _source.AsSpan(_position, to - _position).Count('\n');
        _position = to;
    }

    bool Starts(string text) => string.CompareOrdinal(_source, _position, text, 0, text.Length) == 0;

    static bool IsNameLetter(char letter) => char.IsLetterOrDigit(letter) || letter == '_';
}

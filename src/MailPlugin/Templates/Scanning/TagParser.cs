using System.Text;
using MailPlugin.Http;

namespace MailPlugin.Templates.Scanning;

/// <summary>Reads what stands between the braces of one tag, and writes it anew.</summary>
/// <param name="source">The template.</param>
/// <param name="start">Where the tag begins.</param>
/// <param name="position">Where to read on.</param>
internal sealed class TagParser(string source, int start, int position)
{
    public const int MaxDepth = 8;

    readonly StringBuilder _canonical = new();

    public int Position { get; private set; } = position;

    public string Canonical => _canonical.ToString();

    /// <summary>Values whose absence leaves a gap, or does not: paths with whether they are needed.</summary>
    public List<(TemplatePath Path, bool Needed)> Paths { get; } = [];

    /// <summary>What the block walks or steps into.</summary>
    public TemplatePath? Subject { get; private set; }

    /// <summary>Names given by <c>as |item index|</c>.</summary>
    public IReadOnlyList<string> BlockNames { get; private set; } = [];

    /// <summary>The name right behind <c>#</c> or <c>/</c>.</summary>
    public string Name()
    {
        SkipBlanks();
        var at = Position;
        while (Position < source.Length && IsNameLetter(source[Position]))
        {
            Position++;
        }

        return Position > at ? source[at..Position] : throw Fault(at, ScanMessages.NameExpected);
    }

    public void Write(string text) => _canonical.Append(text);

    /// <summary>A variable, or a helper with its values.</summary>
    public void Mustache()
    {
        SkipBlanks();
        if (AtEnd)
        {
            throw Fault(start, ScanMessages.Empty);
        }

        if (Position >= source.Length)
        {
            throw Unexpected();
        }

        var at = Position;
        if (source[Position] is '"' or '\'' or '(' || char.IsAsciiDigit(source[Position]) || source[Position] == '-')
        {
            throw Fault(at, ScanMessages.NameExpected);
        }

        var path = Path();
        var end = Position;
        SkipBlanks();
        if (path.SimpleName is { } name && HelperRule.Find(name) is { } rule)
        {
            if (rule.IsBlock)
            {
                throw Fault(at, ScanMessages.BlockNeeded(name));
            }

            _canonical.Append(rule.EngineName);
            Values(rule, at, 0);
            return;
        }

        if (!AtEnd)
        {
            // What stands behind a blank would be the values of a helper.
            throw path.SimpleName is { } unknown && Position > end && Position < source.Length ? Fault(at, ScanMessages.UnknownHelper(unknown)) : Unexpected();
        }

        if (path.SimpleName is "true" or "false" or "null" or "undefined")
        {
            throw Fault(at, ScanMessages.NameExpected);
        }

        _canonical.Append(path.SimpleName == HelperRule.OwnLookup ? "this." : "").Append(path.Canonical);
        Paths.Add((path, true));
    }

    /// <summary>The values of a block and the names that it gives.</summary>
    public void Block(HelperRule rule, int at)
    {
        _canonical.Append(rule.Name);
        var before = Paths.Count;
        Values(rule, at, 0);
        Subject = Paths.Count == before + 1 ? Paths[before].Path : null;
        if (rule.Name is not ("each" or "with"))
        {
            Subject = null;
        }
    }

    public void MoveTo(int position) => Position = position;

    public void SkipBlanks()
    {
        while (Position < source.Length && source[Position] is ' ' or '\t' or '\r' or '\n')
        {
            Position++;
        }
    }

    /// <summary>Whether the tag's closing braces stand here.</summary>
    public bool AtEnd => Starts("}}") || Starts("~}}");

    public ScanFault Unexpected() => Position >= source.Length || Starts("{{") ? Fault(start, ScanMessages.NotClosed) : Fault(Position, ScanMessages.Unexpected(source[Position]));

    public static ScanFault Fault(int at, LocalizedText message) => new(at, message);

    bool Starts(string text) => string.CompareOrdinal(source, Position, text, 0, text.Length) == 0;

    void Values(HelperRule rule, int at, int depth)
    {
        var count = 0;
        while (true)
        {
            SkipBlanks();
            if (AtEnd || Position >= source.Length || source[Position] == ')')
            {
                break;
            }

            if (rule.IsBlock && rule.Most == 1 && count > 0 && Starts("as") && Position + 2 < source.Length && source[Position + 2] is ' ' or '\t' or '|')
            {
                Parameters();
                break;
            }

            _canonical.Append(' ');
            Value(needed: count > 0 || !rule.IsTolerant, rule, depth);
            count++;
        }

        if (count < rule.Least || count > rule.Most)
        {
            throw Fault(at, ScanMessages.WrongCount(rule));
        }
    }

    void Value(bool needed, HelperRule rule, int depth)
    {
        if (Position >= source.Length)
        {
            throw Unexpected();
        }

        switch (source[Position])
        {
            case '"' or '\'':
                Quoted();
                return;
            case '(':
                Parenthesis(needed, depth + 1);
                return;
            case '-' or (>= '0' and <= '9'):
                Number();
                return;
        }

        if (!IsNameLetter(source[Position]) && source[Position] is not ('.' or '@' or '['))
        {
            throw source[Position] == '}' ? Unexpected() : Fault(Position, ScanMessages.ValueExpected);
        }

        var path = Path();
        if (Position < source.Length && source[Position] == '=')
        {
            throw Fault(Position, ScanMessages.NoHash(rule.Name));
        }

        _canonical.Append(path.Canonical);
        if (path.SimpleName is not ("true" or "false" or "null" or "undefined"))
        {
            Paths.Add((path, needed && !rule.IsTolerant));
        }
    }

    void Parenthesis(bool needed, int depth)
    {
        if (depth > MaxDepth)
        {
            throw Fault(Position, ScanMessages.TooDeepInside);
        }

        var at = Position++;
        var nameAt = Position;
        var name = Name();
        var rule = HelperRule.Find(name);
        if (rule is null or { IsBlock: true } || name == "button")
        {
            throw Fault(nameAt, rule is { IsBlock: true } ? ScanMessages.BlockNeeded(name) : ScanMessages.UnknownHelper(name));
        }

        _canonical.Append('(').Append(rule.EngineName);
        var before = Paths.Count;
        Values(rule, nameAt, depth);
        if (Position >= source.Length || source[Position] != ')')
        {
            throw Fault(at, ScanMessages.ParenthesisOpen);
        }

        Position++;
        _canonical.Append(')');
        for (var i = before; !needed && i < Paths.Count; i++)
        {
            Paths[i] = (Paths[i].Path, false);
        }
    }

    void Quoted()
    {
        var (at, quote) = (Position++, source[Position - 1]);
        while (Position < source.Length && source[Position] != quote)
        {
            if (source[Position] is '{' or '}' or '\\' || char.IsControl(source[Position]))
            {
                throw Fault(Position, ScanMessages.QuoteContent);
            }

            Position++;
        }

        if (Position >= source.Length)
        {
            throw Fault(at, ScanMessages.QuoteOpen);
        }

        Position++;
        _canonical.Append(source, at, Position - at);
    }

    void Number()
    {
        var at = Position++;
        while (Position < source.Length && (char.IsAsciiDigit(source[Position]) || source[Position] == '.'))
        {
            Position++;
        }

        if (!decimal.TryParse(source.AsSpan(at, Position - at), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _))
        {
            throw Fault(at, ScanMessages.ValueExpected);
        }

        _canonical.Append(source, at, Position - at);
    }

    /// <summary><c>as |item index|</c></summary>
    void Parameters()
    {
        var at = Position;
        Position += 2;
        SkipBlanks();
        if (Position >= source.Length || source[Position++] != '|')
        {
            throw Fault(at, ScanMessages.BlockParameters);
        }

        var names = new List<string>();
        while (true)
        {
            SkipBlanks();
            if (Position < source.Length && source[Position] == '|' && names.Count is 1 or 2)
            {
                Position++;
                break;
            }

            if (Position >= source.Length || !IsNameLetter(source[Position]) || names.Count == 2)
            {
                throw Fault(at, ScanMessages.BlockParameters);
            }

            names.Add(Name());
        }

        BlockNames = names;
        _canonical.Append(" as |").AppendJoin(' ', names).Append('|');
    }

    /// <summary><c>name</c>, <c>user.name</c>, <c>items.[0]</c>, <c>../name</c>, <c>this</c>, <c>@index</c>, <c>@root.name</c>.</summary>
    TemplatePath Path()
    {
        var at = Position;
        string? data = null;
        if (source[Position] == '@')
        {
            Position++;
            data = Name();
            if (data is not ("index" or "key" or "first" or "last" or "root" or "brand"))
            {
                throw Fault(at, ScanMessages.Data);
            }
        }

        var up = 0;
        while (data is null && Starts("../"))
        {
            Position += 3;
            up++;
        }

        var segments = new List<string>();
        var isContext = false;
        if (data is not null)
        {
            if (Position < source.Length && source[Position] is '.' or '/')
            {
                Position++;
                Segments(segments);
            }
        }
        else if (Starts(".."))
        {
            Position += 2;
            (up, isContext) = (up + 1, true);
        }
        else if (Starts("./"))
        {
            Position += 2;
            Segments(segments);
        }
        else if (Position < source.Length && source[Position] == '.')
        {
            Position++;
            isContext = true;
        }
        else
        {
            Segments(segments);
            if (segments[0] == "this" && source[Position - 1] != ']')
            {
                segments.RemoveAt(0);
                isContext = segments.Count == 0;
            }
        }

        return new(source[at..Position], data, up, segments, isContext);
    }

    void Segments(List<string> segments)
    {
        while (true)
        {
            if (Position < source.Length && source[Position] == '[')
            {
                segments.Add(Bracket());
            }
            else
            {
                segments.Add(Name());
            }

            if (Position + 1 >= source.Length || source[Position] is not ('.' or '/') || !(IsNameLetter(source[Position + 1]) || source[Position + 1] == '['))
            {
                return;
            }

            Position++;
        }
    }

    string Bracket()
    {
        var at = ++Position;
        while (Position < source.Length && source[Position] != ']')
        {
            if (!IsNameLetter(source[Position]) && source[Position] is not (' ' or ':' or '$' or '@'))
            {
                throw Fault(Position, char.IsControl(source[Position]) || source[Position] == '}' ? ScanMessages.BracketOpen : ScanMessages.Unexpected(source[Position]));
            }

            Position++;
        }

        if (Position >= source.Length || Position == at)
        {
            throw Fault(at - 1, ScanMessages.BracketOpen);
        }

        return source[at..Position++];
    }

    static bool IsNameLetter(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '-';
}

/// <summary>A rule was broken at a place of the source.</summary>
internal sealed class ScanFault(int position, LocalizedText message) : Exception(message.English)
{
    public int Position => position;

    public LocalizedText Text => message;
}

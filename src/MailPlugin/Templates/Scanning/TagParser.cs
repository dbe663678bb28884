using System.Text;

namespace MailPlugin.Templates.Scanning;

/// <summary>Reads what stands between the braces of one tag, and writes it anew.</summary>
/// <param name="source">The template.</param>
/// <param name="start">Where the tag begins.</param>
/// <param name="position">Where to read on.</param>
internal sealed class TagParser(string source, int start, int position) : TagCursor(source, start, position)
{
    public const int MaxDepth = 8;

    readonly StringBuilder _canonical = new();

    public string Canonical => _canonical.ToString();

    /// <summary>Values whose absence leaves a gap, or does not: paths with whether they are needed.</summary>
    public List<(TemplatePath Path, bool Needed)> Paths { get; } = [];

    /// <summary>What the block walks or steps into.</summary>
    public TemplatePath? Subject { get; private set; }

    /// <summary>Names given by <c>as |item index|</c>.</summary>
    public IReadOnlyList<string> BlockNames { get; private set; } = [];

    public void Write(string text) => _canonical.Append(text);

    /// <summary>A variable, or a helper with its values.</summary>
    public void Mustache()
    {
        SkipBlanks();
        if (AtEnd)
        {
            throw new ScanFault(Start, ScanMessages.Empty);
        }

        if (IsOver)
        {
            throw Unexpected();
        }

        var at = Position;
        if (Here is '"' or '\'' or '(' || char.IsAsciiDigit(Here) || Here == '-')
        {
            throw new ScanFault(at, ScanMessages.NameExpected);
        }

        var path = PathReader.Read(this);
        var end = Position;
        SkipBlanks();
        if (path.SimpleName is { } name && HelperRule.Find(name) is { } rule)
        {
            if (rule.IsBlock)
            {
                throw new ScanFault(at, ScanMessages.BlockNeeded(name));
            }

            _canonical.Append(rule.EngineName);
            Values(rule, at, 0);
            return;
        }

        if (!AtEnd)
        {
            // What stands behind a blank would be the values of a helper.
            throw path.SimpleName is { } unknown && Position > end && !IsOver ? new ScanFault(at, ScanMessages.UnknownHelper(unknown)) : Unexpected();
        }

        if (path.SimpleName is "true" or "false" or "null" or "undefined")
        {
            throw new ScanFault(at, ScanMessages.NameExpected);
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

    void Values(HelperRule rule, int at, int depth)
    {
        var count = 0;
        while (true)
        {
            SkipBlanks();
            if (AtEnd || IsOver || Here == ')')
            {
                break;
            }

            if (rule.IsBlock && rule.Most == 1 && count > 0 && Starts("as") && Ahead(2) is ' ' or '\t' or '|')
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
            throw new ScanFault(at, ScanMessages.WrongCount(rule));
        }
    }

    void Value(bool needed, HelperRule rule, int depth)
    {
        if (IsOver)
        {
            throw Unexpected();
        }

        switch (Here)
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

        if (!IsNameLetter(Here) && Here is not ('.' or '@' or '['))
        {
            throw Here == '}' ? Unexpected() : new ScanFault(Position, ScanMessages.ValueExpected);
        }

        var path = PathReader.Read(this);
        if (Here == '=')
        {
            throw new ScanFault(Position, ScanMessages.NoHash(rule.Name));
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
            throw new ScanFault(Position, ScanMessages.TooDeepInside);
        }

        var at = Position++;
        var nameAt = Position;
        var name = Name();
        var rule = HelperRule.Find(name);
        if (rule is null or { IsBlock: true } || name == "button")
        {
            throw new ScanFault(nameAt, rule is { IsBlock: true } ? ScanMessages.BlockNeeded(name) : ScanMessages.UnknownHelper(name));
        }

        _canonical.Append('(').Append(rule.EngineName);
        var before = Paths.Count;
        Values(rule, nameAt, depth);
        if (Here != ')')
        {
            throw new ScanFault(at, ScanMessages.ParenthesisOpen);
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
        var (at, quote) = (Position, Here);
        Position++;
        while (!IsOver && Here != quote)
        {
            if (Here is '{' or '}' or '\\' || char.IsControl(Here))
            {
                throw new ScanFault(Position, ScanMessages.QuoteContent);
            }

            Position++;
        }

        if (IsOver)
        {
            throw new ScanFault(at, ScanMessages.QuoteOpen);
        }

        Position++;
        _canonical.Append(Since(at));
    }

    void Number()
    {
        var at = Position++;
        while (char.IsAsciiDigit(Here) || Here == '.')
        {
            Position++;
        }

        if (!decimal.TryParse(Since(at), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out _))
        {
            throw new ScanFault(at, ScanMessages.ValueExpected);
        }

        _canonical.Append(Since(at));
    }

    /// <summary><c>as |item index|</c></summary>
    void Parameters()
    {
        var at = Position;
        Position += 2;
        SkipBlanks();
        if (Here != '|')
        {
            throw new ScanFault(at, ScanMessages.BlockParameters);
        }

        Position++;
        var names = new List<string>();
        while (true)
        {
            SkipBlanks();
            if (Here == '|' && names.Count is 1 or 2)
            {
                Position++;
                break;
            }

            if (!IsNameLetter(Here) || names.Count == 2)
            {
                throw new ScanFault(at, ScanMessages.BlockParameters);
            }

            names.Add(Name());
        }

        BlockNames = names;
        _canonical.Append(" as |").AppendJoin(' ', names).Append('|');
    }
}

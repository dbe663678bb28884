using System.Text;
using MailPlugin.Http;

namespace MailPlugin.Templates.Scanning;

/// <summary>
/// Reads a template before the engine does: the engine names no positions, finds unknown helpers only while rendering, and very deep nesting in it ends the
/// process. What it finds valid is written anew, so that nothing reaches the engine that was not understood here.
/// </summary>
internal sealed class TemplateScanner
{
    public const int MaxTags = 2_000;
    public const int MaxBlockDepth = 32;
    const int MaxFaults = 20;

    readonly string _part;
    readonly string _source;
    readonly StringBuilder _canonical = new();
    readonly Stack<Block> _open = new();
    readonly VariableScopes _scopes = new();
    readonly List<TemplateFault> _faults = [];
    int _tags;

    TemplateScanner(string part, string source) => (_part, _source) = (part, source);

    /// <summary>What can be compiled, or null and what is wrong, in the order of the text.</summary>
    public static (ScannedTemplate? Template, IReadOnlyList<TemplateFault> Faults) Scan(string part, string source)
    {
        var scanner = new TemplateScanner(part, source);
        scanner.Run();
        return scanner._faults.Count > 0 ? (null, scanner._faults) : (new(scanner._canonical.ToString(), scanner._scopes.Variables), []);
    }

    void Run()
    {
        var position = 0;
        while (_faults.Count < MaxFaults)
        {
            var start = _source.IndexOf("{{", position, StringComparison.Ordinal);
            _canonical.Append(_source, position, (start < 0 ? _source.Length : start) - position);
            if (start < 0)
            {
                break;
            }

            if (++_tags > MaxTags)
            {
                Note(start, ScanMessages.TooManyTags);
                return;
            }

            try
            {
                position = Tag(start);
            }
            catch (ScanFault fault)
            {
                Note(fault.Position, fault.Text);
                var end = _source.IndexOf("}}", start, StringComparison.Ordinal);
                if (end < 0)
                {
                    return;
                }

                position = end + 2;
            }
        }

        if (_faults.Count == 0 && _open.TryPeek(out var open))
        {
            Note(open.Position, ScanMessages.BlockOpen(open.Rule.Name));
        }
    }

    /// <returns>Where the text goes on behind the tag.</returns>
    int Tag(int start)
    {
        if (start > 0 && _source[start - 1] == '\\')
        {
            throw new ScanFault(start - 1, ScanMessages.Backslash);
        }

        if (Starts(start, "{{{{"))
        {
            throw new ScanFault(start, ScanMessages.RawBlock);
        }

        var isRaw = Starts(start, "{{{");
        var inside = start + (isRaw ? 3 : 2);
        var trimsLeft = inside < _source.Length && _source[inside] == '~';
        inside += trimsLeft ? 1 : 0;
        _canonical.Append(isRaw ? "{{{" : "{{").Append(trimsLeft ? "~" : "");
        var kind = inside < _source.Length ? _source[inside] : '\0';
        if (kind == '!' && !isRaw)
        {
            return Comment(start, inside);
        }

        var parser = new TagParser(_source, start, inside);
        Understand(parser, kind, start, inside, isRaw);
        _canonical.Append(parser.Canonical);
        return Close(parser, isRaw);
    }

    void Understand(TagParser parser, char kind, int start, int inside, bool isRaw)
    {
        if (isRaw && kind is '#' or '/')
        {
            throw new ScanFault(start, ScanMessages.RawBlockTag);
        }

        switch (kind)
        {
            case '#':
                OpenBlock(new(_source, start, inside + 1), parser, start, inside + 1);
                break;
            case '/':
                CloseBlock(parser, start, inside + 1);
                break;
            case '>':
                throw new ScanFault(start, ScanMessages.Partial);
            case '*':
                throw new ScanFault(start, ScanMessages.Decorator);
            case '&':
                throw new ScanFault(start, ScanMessages.Ampersand);
            case '^':
                Skip(parser, inside + 1);
                if (!parser.AtEnd)
                {
                    throw new ScanFault(start, ScanMessages.InverseSection);
                }

                Else(parser, start, null);
                break;
            default:
                Plain(parser, start, isRaw);
                break;
        }
    }

    void Plain(TagParser parser, int start, bool isRaw)
    {
        parser.SkipBlanks();
        if (!isRaw && IsElse(parser.Position))
        {
            Skip(parser, parser.Position + 4);
            Else(parser, start, parser.AtEnd ? null : parser);
            return;
        }

        parser.Mustache();
        _scopes.Use(parser.Paths);
    }

    void OpenBlock(TagParser name, TagParser parser, int start, int at)
    {
        if (at < _source.Length && _source[at] is '>' or '*')
        {
            throw new ScanFault(start, _source[at] == '>' ? ScanMessages.Partial : ScanMessages.Decorator);
        }

        var rule = BlockRule(name, start);
        if (_open.Count == MaxBlockDepth)
        {
            throw new ScanFault(start, ScanMessages.TooDeep);
        }

        Skip(parser, name.Position);
        parser.Write("#");
        parser.Block(rule, start);
        _scopes.Use(parser.Paths);
        _open.Push(new(rule, start));
        _scopes.Enter(rule, parser.Subject, parser.BlockNames);
    }

    /// <summary><c>{{else}}</c>, or with a parser that stands behind it <c>{{else if …}}</c>.</summary>
    void Else(TagParser parser, int start, TagParser? chained)
    {
        if (!_open.TryPeek(out var open))
        {
            throw new ScanFault(start, ScanMessages.ElseOutside);
        }

        if (open.HasElse || open.Rule.Name == "preheader")
        {
            throw new ScanFault(start, ScanMessages.ElseTwice);
        }

        parser.Write("else");
        if (chained is null)
        {
            open.HasElse = true;
        }
        else
        {
            var at = parser.Position;
            var rule = BlockRule(chained, at);
            parser.Write(" ");
            parser.Block(rule, at);
            _scopes.Use(parser.Paths);
        }

        _scopes.Else();
    }

    void CloseBlock(TagParser parser, int start, int at)
    {
        Skip(parser, at);
        var name = parser.Name();
        parser.Write("/" + name);
        if (!_open.TryPop(out var open))
        {
            throw new ScanFault(start, ScanMessages.EndWithoutBlock(name));
        }

        _scopes.Leave();
        if (open.Rule.Name != name)
        {
            throw new ScanFault(start, ScanMessages.WrongEnd(name, open.Rule.Name, LineOf(open.Position)));
        }
    }

    int Close(TagParser parser, bool isRaw)
    {
        parser.SkipBlanks();
        var position = parser.Position;
        if (!parser.AtEnd)
        {
            throw parser.Unexpected();
        }

        if (_source[position] == '~')
        {
            position++;
            _canonical.Append('~');
        }

        if (isRaw && !Starts(position, "}}}"))
        {
            throw new ScanFault(position, ScanMessages.NotClosedByThree);
        }

        position += isRaw ? 3 : 2;
        if (position < _source.Length && _source[position] == '}')
        {
            throw new ScanFault(position, ScanMessages.BraceBehind);
        }

        _canonical.Append(isRaw ? "}}}" : "}}");
        return position;
    }

    int Comment(int start, int inside)
    {
        var isLong = Starts(inside, "!--");
        var end = _source.IndexOf(isLong ? "--" : "}}", inside + (isLong ? 3 : 1), StringComparison.Ordinal);
        while (isLong && end >= 0 && !Starts(end, "--}}") && !Starts(end, "--~}}"))
        {
            end = _source.IndexOf("--", end + 1, StringComparison.Ordinal);
        }

        if (end < 0)
        {
            throw new ScanFault(start, ScanMessages.NotClosed);
        }

        var braces = isLong ? _source.IndexOf("}}", end, StringComparison.Ordinal) : end;
        if (braces + 2 < _source.Length && _source[braces + 2] == '}')
        {
            throw new ScanFault(braces + 2, ScanMessages.BraceBehind);
        }

        _canonical.Append('!').Append(_source[braces - 1] == '~' ? "~}}" : "}}");
        return braces + 2;
    }

    static HelperRule BlockRule(TagParser parser, int start)
    {
        var name = parser.Name();
        var rule = HelperRule.Find(name) ?? throw new ScanFault(start, ScanMessages.UnknownBlock(name));
        return rule.IsBlock ? rule : throw new ScanFault(start, ScanMessages.NoBlock(name));
    }

    bool IsElse(int position) => Starts(position, "else")
        && position + 4 < _source.Length && _source[position + 4] is ' ' or '\t' or '\r' or '\n' or '}' or '~';

    static void Skip(TagParser parser, int to)
    {
        parser.Position = to;
        parser.SkipBlanks();
    }

    bool Starts(int position, string text) => string.CompareOrdinal(_source, position, text, 0, text.Length) == 0;

    void Note(int position, LocalizedText message) => _faults.Add(new(_part, LineOf(position), ColumnOf(position), message));

    int LineOf(int position) => _source.AsSpan(0, Math.Min(position, _source.Length)).Count('\n') + 1;

    int ColumnOf(int position) => position == 0 ? 1 : position - _source.LastIndexOf('\n', Math.Min(position, _source.Length) - 1);

    sealed record Block(HelperRule Rule, int Position)
    {
        public bool HasElse { get; set; }
    }
}

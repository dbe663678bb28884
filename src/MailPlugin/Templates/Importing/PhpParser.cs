namespace MailPlugin.Templates.Importing;

/// <summary>Reads the PHP that mail templates are made of: printing, conditions, loops, texts. Nothing is run; what it does not know becomes <see cref="PhpNode.Unknown"/>.</summary>
internal sealed class PhpParser
{
    const int MaxDepth = 48;

    readonly IReadOnlyList<PhpToken> _tokens;
    readonly Dictionary<string, PhpNode> _names = new(StringComparer.Ordinal);
    int _position;
    int _depth;

    PhpParser(IReadOnlyList<PhpToken> tokens) => _tokens = tokens;

    public static PhpNode.Sequence Parse(string source)
    {
        var parser = new PhpParser(PhpLexer.ReadFile(source));
        var nodes = new List<PhpNode>();
        while (parser.Here.Kind != PhpTokenKind.End)
        {
            // What closes nothing stands alone.
            nodes.AddRange(parser.Statements("}", "endif", "endforeach", "else", "elseif").Nodes);
            parser._position += parser.Here.Kind == PhpTokenKind.End ? 0 : 1;
        }

        return new(nodes);
    }

    PhpToken Here => At(_position);

    /// <summary>Behind the last token there are more like it: the end.</summary>
    PhpToken At(int position) => _tokens[Math.Min(position, _tokens.Count - 1)];

    PhpNode.Sequence Statements(params ReadOnlySpan<string> ends)
    {
        var nodes = new List<PhpNode>();
        while (Here.Kind != PhpTokenKind.End && !IsAny(ends))
        {
            if (Statement() is { } node)
            {
                nodes.Add(node);
            }
        }

        return new(nodes);
    }

    PhpNode? Statement()
    {
        var token = Here;
        if (token.Kind == PhpTokenKind.Outside)
        {
            _position++;
            return new PhpNode.Print(new PhpNode.Words(token.Value), Encodes: false);
        }

        if (Take(";") || Take("{"))
        {
            return null;
        }

        if (_depth >= MaxDepth)
        {
            return Skip();
        }

        _depth++;
        try
        {
            return token.Kind switch
            {
                PhpTokenKind.Echo => Printed(encodes: false),
                PhpTokenKind.Name => token.Value.ToLowerInvariant() switch
                {
                    "echo" or "print" or "print_unescaped" => Printed(encodes: false),
                    "p" => Printed(encodes: true),
                    "if" => If(),
                    "foreach" => ForEach(),
                    _ => Other(),
                },
                _ => Other(),
            };
        }
        finally
        {
            _depth--;
        }
    }

    PhpNode.Print Printed(bool encodes)
    {
        _position++;
        var parts = new List<PhpNode> { Expression() };
        while (Take(","))
        {
            parts.Add(Expression());
        }

        EndOfStatement();
        return new(new PhpNode.Sequence(parts), encodes);
    }

    PhpNode.Choice If()
    {
        _position++;
        var condition = Expression();
        if (!Take(":"))
        {
            var then = Block();
            return new(condition, then, Take("elseif") ? Again() : Here.Is("else") ? Else() : null);
        }

        var body = Statements("elseif", "else", "endif");
        if (Take("elseif"))
        {
            return new(condition, body, Again());
        }

        PhpNode? other = null;
        if (Take("else"))
        {
            Take(":");
            other = Statements("endif");
        }

        Take("endif");
        return new(condition, body, other);
    }

    PhpNode Else()
    {
        _position++;
        return Here.Is("if") ? If() : Block();
    }

    /// <summary><c>elseif</c> is read as <c>if</c>: one step back stands its own word.</summary>
    PhpNode Again()
    {
        _position--;
        return _depth++ < MaxDepth ? If() : Skip();
    }

    PhpNode ForEach()
    {
        var start = _position++;
        Take("(");
        var over = Expression();
        if (!Take("as") || Here.Kind != PhpTokenKind.Variable)
        {
            _position = start + 1;
            return Skip();
        }

        string? key = null;
        var item = At(_position++).Value;
        if (Take("=>"))
        {
            (key, item) = (item, Here.Value);
            _position++;
        }

        Take(")");
        foreach (var name in new[] { item, key }.OfType<string>())
        {
            _names[name] = new PhpNode.Value(name);
        }

        if (!Take(":"))
        {
            return new PhpNode.Loop(over, item, key, Block());
        }

        var body = Statements("endforeach");
        Take("endforeach");
        return new PhpNode.Loop(over, item, key, body);
    }

    PhpNode Block()
    {
        if (!Take("{"))
        {
            return Statement() ?? new PhpNode.Sequence([]);
        }

        var body = Statements("}");
        Take("}");
        return body;
    }

    /// <summary>An assignment gives a name; anything else is told and left out.</summary>
    PhpNode.Unknown? Other()
    {
        if (Here.Kind == PhpTokenKind.Variable && At(_position + 1).Is("="))
        {
            var name = Here.Value;
            _position += 2;
            _names[name] = Expression();
            EndOfStatement();
            return null;
        }

        return Skip();
    }

    PhpNode.Unknown Skip()
    {
        var start = _position;
        do
        {
            _position++;
        }
        while (Here.Kind is not (PhpTokenKind.End or PhpTokenKind.Outside) && !Here.Is(";") && !Here.Is("}"));
        return new(string.Join(' ', _tokens.Skip(start).Take(Math.Min(8, _position - start)).Select(token => token.Kind == PhpTokenKind.Variable ? "$" + token.Value : token.Value)), _tokens[start].Line);
    }

    void EndOfStatement()
    {
        while (Here.Kind is not (PhpTokenKind.End or PhpTokenKind.Outside) && !Here.Is("}") && !Take(";"))
        {
            _position++;
        }
    }

    PhpNode Expression()
    {
        if (_depth >= MaxDepth)
        {
            return Skip();
        }

        _depth++;
        var left = Comparison();
        if (Take("?"))
        {
            var then = Here.Is(":") ? left : Expression();
            left = new PhpNode.Choice(left, then, Take(":") ? Expression() : null);
        }

        _depth--;
        return left;
    }

    PhpNode Comparison()
    {
        var left = Joined();
        while (Here.Kind == PhpTokenKind.Symbol && Here.Value is "===" or "!==" or "==" or "!=" or ">" or "<" or ">=" or "<=" or "&&" or "||")
        {
            var symbol = At(_position++).Value;
            left = new PhpNode.Operation(symbol, left, Joined());
        }

        return left;
    }

    PhpNode Joined()
    {
        var parts = new List<PhpNode> { Primary() };
        while (Take("."))
        {
            parts.Add(Primary());
        }

        return parts.Count == 1 ? parts[0] : new PhpNode.Sequence(parts);
    }

    PhpNode Primary()
    {
        var token = Here;
        if (_depth >= MaxDepth)
        {
            return Skip();
        }

        switch (token.Kind)
        {
            case PhpTokenKind.Text:
                _position++;
                return token.Parts is null ? new PhpNode.Words(token.Value) : Interpolated(token.Parts);
            case PhpTokenKind.Number:
                _position++;
                return new PhpNode.Words(token.Value);
            case PhpTokenKind.Variable or PhpTokenKind.Name:
                return Chain();
        }

        _depth++;
        try
        {
            if (Take("!"))
            {
                return new PhpNode.Not(Primary());
            }

            if (Take("("))
            {
                var inner = Expression();
                Take(")");
                return inner;
            }

            return Take("[") ? new PhpNode.List(Items("]")) : Nothing();
        }
        finally
        {
            _depth--;
        }
    }

    PhpNode.Unknown Nothing()
    {
        var token = Here;
        _position += token.Kind is PhpTokenKind.End or PhpTokenKind.Outside || token.Value is ")" or "]" or "}" or ";" or "," ? 0 : 1;
        return new(token.Value, token.Line);
    }

    PhpNode.Sequence Interpolated(IReadOnlyList<PhpTextPart> parts) => new([.. parts.Select(part => part.IsCode ? Inner(part.Value) : new PhpNode.Words(part.Value))]);

    PhpNode Inner(string code)
    {
        var inner = new PhpParser(PhpLexer.ReadCode(code)) { _depth = _depth + 1 };
        foreach (var (name, node) in _names)
        {
            inner._names[name] = node;
        }

        return inner.Expression();
    }

    /// <summary><c>$_['link']</c>, <c>$item['name']</c>, <c>$l->t(…)</c>, <c>OC_Helper::link(…)</c>, <c>array(…)</c>.</summary>
    PhpNode Chain()
    {
        var first = At(_position++);
        var name = (first.Kind == PhpTokenKind.Variable ? "$" : "") + first.Value;
        PhpNode? value = first.Kind == PhpTokenKind.Variable ? first.Value == "_" ? new PhpNode.Value("") : _names.GetValueOrDefault(first.Value) : null;
        while (true)
        {
            if (Take("["))
            {
                var index = Items("]");
                value = value is PhpNode.Value path && index is [PhpNode.Words key] ? new PhpNode.Value(path.Path.Length == 0 ? key.Text : $"{path.Path}.{key.Text}") : null;
                name += "[…]";
            }
            else if (Here.Is("->") || Here.Is("::"))
            {
                var link = At(_position++).Value;
                name += link + (Here.Kind == PhpTokenKind.Variable ? "$" : "") + Here.Value;
                _position += Here.Kind == PhpTokenKind.End ? 0 : 1;
                value = null;
            }
            else if (Take("("))
            {
                var arguments = Items(")");
                if (name is "array" or "Array")
                {
                    return new PhpNode.List(arguments);
                }

                if (!Here.Is("->"))
                {
                    return new PhpNode.Call(name, arguments, first.Line);
                }

                name += "()";
            }
            else
            {
                return value ?? new PhpNode.Unknown(name, first.Line);
            }
        }
    }

    /// <summary>What stands between the opening that was taken and this end.</summary>
    List<PhpNode> Items(string end)
    {
        var items = new List<PhpNode>();
        while (Here.Kind != PhpTokenKind.End && !Take(end))
        {
            var before = _position;
            items.Add(Expression());
            if (Take("=>"))
            {
                items[^1] = Expression();
            }

            if (!Take(",") && _position == before)
            {
                _position++;
            }
        }

        return items;
    }

    bool Take(string symbol)
    {
        if (!Here.Is(symbol))
        {
            return false;
        }

        _position++;
        return true;
    }

    bool IsAny(ReadOnlySpan<string> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (Here.Is(symbol))
            {
                return true;
            }
        }

        return false;
    }
}

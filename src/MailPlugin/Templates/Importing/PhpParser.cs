namespace MailPlugin.Templates.Importing;

/// <summary>Reads the PHP that mail templates are made of: printing, conditions, loops, texts. Nothing is run; what it does not know becomes <see cref="PhpNode.Unknown"/>.</summary>
internal sealed class PhpParser(IReadOnlyList<PhpToken> tokens) : PhpExpressions(tokens)
{
    public static PhpNode.Sequence Parse(string source)
    {
        var parser = new PhpParser(PhpLexer.ReadFile(source));
        var nodes = new List<PhpNode>();
        while (parser.Here.Kind != PhpTokenKind.End)
        {
            // What closes nothing stands alone.
            nodes.AddRange(parser.Statements("}", "endif", "endforeach", "else", "elseif").Nodes);
            parser.Position += parser.Here.Kind == PhpTokenKind.End ? 0 : 1;
        }

        return new(nodes);
    }

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
            Position++;
            return new PhpNode.Print(new PhpNode.Words(token.Value), Encodes: false);
        }

        if (Take(";") || Take("{"))
        {
            return null;
        }

        if (IsTooDeep)
        {
            return Skip();
        }

        Depth++;
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
            Depth--;
        }
    }

    PhpNode.Print Printed(bool encodes)
    {
        Position++;
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
        Position++;
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
        Position++;
        return Here.Is("if") ? If() : Block();
    }

    /// <summary><c>elseif</c> is read as <c>if</c>: one step back stands its own word.</summary>
    PhpNode Again()
    {
        Position--;
        if (IsTooDeep)
        {
            return Skip();
        }

        Depth++;
        try
        {
            return If();
        }
        finally
        {
            Depth--;
        }
    }

    PhpNode ForEach()
    {
        var start = Position++;
        Take("(");
        var over = Expression();
        if (!Take("as") || Here.Kind != PhpTokenKind.Variable)
        {
            Position = start + 1;
            return Skip();
        }

        string? key = null;
        var item = At(Position++).Value;
        if (Take("=>"))
        {
            (key, item) = (item, Here.Value);
            Position++;
        }

        Take(")");
        foreach (var name in new[] { item, key }.OfType<string>())
        {
            Names[name] = new PhpNode.Value(name);
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
        if (Here.Kind == PhpTokenKind.Variable && At(Position + 1).Is("="))
        {
            var name = Here.Value;
            Position += 2;
            Names[name] = Expression();
            EndOfStatement();
            return null;
        }

        return Skip();
    }

    void EndOfStatement()
    {
        while (Here.Kind is not (PhpTokenKind.End or PhpTokenKind.Outside) && !Here.Is("}") && !Take(";"))
        {
            Position++;
        }
    }
}

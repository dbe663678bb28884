namespace MailPlugin.Templates.Importing;

/// <summary>Reads expressions: texts, variables, calls, what is compared and joined. None is worked out.</summary>
internal class PhpExpressions(IReadOnlyList<PhpToken> tokens) : PhpReader(tokens)
{
    protected PhpNode Expression()
    {
        if (IsTooDeep)
        {
            return Skip();
        }

        Depth++;
        var left = Comparison();
        if (Take("?"))
        {
            var then = Here.Is(":") ? left : Expression();
            left = new PhpNode.Choice(left, then, Take(":") ? Expression() : null);
        }

        Depth--;
        return left;
    }

    PhpNode Comparison()
    {
        var left = Joined();
        while (Here.Kind == PhpTokenKind.Symbol && Here.Value is "===" or "!==" or "==" or "!=" or ">" or "<" or ">=" or "<=" or "&&" or "||")
        {
            var symbol = At(Position++).Value;
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
        if (IsTooDeep)
        {
            return Skip();
        }

        switch (token.Kind)
        {
            case PhpTokenKind.Text:
                Position++;
                return token.Parts is null ? new PhpNode.Words(token.Value) : Interpolated(token.Parts);
            case PhpTokenKind.Number:
                Position++;
                return new PhpNode.Words(token.Value);
            case PhpTokenKind.Variable or PhpTokenKind.Name:
                return Chain();
        }

        Depth++;
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
            Depth--;
        }
    }

    PhpNode.Unknown Nothing()
    {
        var token = Here;
        Position += token.Kind is PhpTokenKind.End or PhpTokenKind.Outside || token.Value is ")" or "]" or "}" or ";" or "," ? 0 : 1;
        return new(token.Value, token.Line);
    }

    PhpNode.Sequence Interpolated(IReadOnlyList<PhpTextPart> parts) => new([.. parts.Select(part => part.IsCode ? Inner(part.Value) : new PhpNode.Words(part.Value))]);

    PhpNode Inner(string code)
    {
        var inner = new PhpExpressions(PhpLexer.ReadCode(code)) { Depth = Depth + 1, Names = Names };
        return inner.Expression();
    }

    /// <summary><c>$_['link']</c>, <c>$item['name']</c>, <c>$l->t(…)</c>, <c>OC_Helper::link(…)</c>, <c>array(…)</c>.</summary>
    PhpNode Chain()
    {
        var first = At(Position++);
        var name = (first.Kind == PhpTokenKind.Variable ? "$" : "") + first.Value;
        PhpNode? value = first.Kind == PhpTokenKind.Variable ? first.Value == "_" ? new PhpNode.Value("") : Names.GetValueOrDefault(first.Value) : null;
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
                var link = At(Position++).Value;
                name += link + (Here.Kind == PhpTokenKind.Variable ? "$" : "") + Here.Value;
                Position += Here.Kind == PhpTokenKind.End ? 0 : 1;
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
            var before = Position;
            items.Add(Expression());
            if (Take("=>"))
            {
                items[^1] = Expression();
            }

            if (!Take(",") && Position == before)
            {
                Position++;
            }
        }

        return items;
    }
}

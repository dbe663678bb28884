namespace MailPlugin.Templates.Importing;

/// <summary>A place in PHP that was taken apart, and what is known there: how deep it stands and what its variables are.</summary>
internal class PhpReader(IReadOnlyList<PhpToken> tokens)
{
    protected const int MaxDepth = 48;

    protected Dictionary<string, PhpNode> Names { get; init; } = new(StringComparer.Ordinal);

    protected int Position { get; set; }

    protected int Depth { get; set; }

    protected bool IsTooDeep => Depth >= MaxDepth;

    protected PhpToken Here => At(Position);

    /// <summary>Behind the last token there are more like it: the end.</summary>
    protected PhpToken At(int position) => tokens[Math.Min(position, tokens.Count - 1)];

    protected bool Take(string symbol)
    {
        if (!Here.Is(symbol))
        {
            return false;
        }

        Position++;
        return true;
    }

    protected bool IsAny(ReadOnlySpan<string> symbols)
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

    /// <summary>What is not understood, up to the end of its statement.</summary>
    protected PhpNode.Unknown Skip()
    {
        var start = Position;
        do
        {
            Position++;
        }
        while (Here.Kind is not (PhpTokenKind.End or PhpTokenKind.Outside) && !Here.Is(";") && !Here.Is("}"));
        return new(string.Join(' ', tokens.Skip(start).Take(Math.Min(8, Position - start)).Select(token => token.Kind == PhpTokenKind.Variable ? "$" + token.Value : token.Value)), tokens[start].Line);
    }
}

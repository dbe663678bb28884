namespace MailPlugin.Templates.Importing;

/// <summary>What was understood of an expression or a statement.</summary>
internal abstract record PhpNode
{
    /// <summary>A fixed text.</summary>
    internal sealed record Words(string Text) : PhpNode;

    /// <summary>A variable: a path below the model, or below a loop's variable.</summary>
    internal sealed record Value(string Path) : PhpNode;

    /// <summary>One behind the other.</summary>
    internal sealed record Sequence(IReadOnlyList<PhpNode> Nodes) : PhpNode;

    internal sealed record List(IReadOnlyList<PhpNode> Items) : PhpNode;

    /// <summary>A function or method, by the name that stands in the source.</summary>
    internal sealed record Call(string Name, IReadOnlyList<PhpNode> Arguments, int Line) : PhpNode;

    internal sealed record Operation(string Operator, PhpNode Left, PhpNode Right) : PhpNode;

    internal sealed record Not(PhpNode Inner) : PhpNode;

    internal sealed record Choice(PhpNode Condition, PhpNode Then, PhpNode? Else) : PhpNode;

    internal sealed record Loop(PhpNode Over, string Item, string? Key, PhpNode Body) : PhpNode;

    /// <summary>Something is printed.</summary>
    /// <param name="Inner">What.</param>
    /// <param name="Encodes">Whether it is made harmless in HTML first.</param>
    internal sealed record Print(PhpNode Inner, bool Encodes) : PhpNode;

    /// <summary>What is not understood.</summary>
    internal sealed record Unknown(string Source, int Line) : PhpNode;
}

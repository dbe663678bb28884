using System.Globalization;

namespace MailPlugin.Templates.Importing;

/// <summary>What the ways mean in which PHP says simple things.</summary>
internal static class PhpIdioms
{
    /// <summary><c>isset($_['x'])</c>, <c>!empty($_['x'])</c>, <c>$_['x'] !== ''</c>, <c>count($_['x']) > 0</c>: whether something is there.</summary>
    public static (string? Path, bool Negated) Condition(PhpNode node) => node switch
    {
        PhpNode.Value { Path.Length: > 0 } value => (value.Path, false),
        PhpNode.Not not when Condition(not.Inner) is ({ } path, var negated) => (path, !negated),
        PhpNode.Call { Name: "isset" or "count" or "strlen", Arguments: [PhpNode.Value { Path.Length: > 0 } value] } => (value.Path, false),
        PhpNode.Call { Name: "empty" or "is_null", Arguments: [PhpNode.Value { Path.Length: > 0 } value] } => (value.Path, true),
        PhpNode.Operation { Operator: "!==" or "!=" or ">", Right: PhpNode.Words { Text: "" or "0" } or PhpNode.Unknown } operation => Condition(operation.Left),
        PhpNode.Operation { Operator: "===" or "==", Right: PhpNode.Words { Text: "" or "0" } or PhpNode.Unknown } operation when Condition(operation.Left) is ({ } path, var negated) => (path, !negated),
        PhpNode.Operation { Operator: "&&" } operation when Condition(operation.Left) is ({ } path, var negated) && Condition(operation.Right) is ({ } other, _) && other == path => (path, negated),
        _ => (null, false),
    };

    public static PhpNode? Argument(PhpNode? values, int index) => values switch
    {
        PhpNode.List list => index < list.Items.Count ? list.Items[index] : null,
        PhpNode.Value { Path.Length: > 0 } value => new PhpNode.Value(string.Create(CultureInfo.InvariantCulture, $"{value.Path}.{index}")),
        not null when index == 0 => values,
        _ => null,
    };

    /// <summary>Words and values one behind the other, translated texts without values included.</summary>
    public static IReadOnlyList<PhpNode> Flat(PhpNode node) => node switch
    {
        PhpNode.Sequence sequence => [.. sequence.Nodes.SelectMany(Flat)],
        PhpNode.Call { Arguments: [var text] } call when call.Name.EndsWith("->t", StringComparison.Ordinal) => Flat(text),
        _ => [node],
    };

    public static IEnumerable<PhpNode> Split(string words, string placeholder, PhpNode by)
    {
        var parts = words.Split(placeholder);
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0)
            {
                yield return by;
            }

            yield return new PhpNode.Words(parts[i]);
        }
    }
}

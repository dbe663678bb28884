using System.Collections;

namespace MailPlugin.Templates.Rendering;

/// <summary>An object of a model. A template sees its keys and nothing else.</summary>
internal sealed class ModelMap(IReadOnlyDictionary<string, object?> values, RenderBudget? budget)
{
    public IReadOnlyDictionary<string, object?> Values => values;

    public RenderBudget? Budget => budget;
}

/// <summary>A list of a model. A template sees its items by number and nothing else. Empty, it is as good as absent: the engine asks for that by enumerating.</summary>
internal sealed class ModelList(IReadOnlyList<object?> items, RenderBudget? budget) : IEnumerable
{
    public IReadOnlyList<object?> Items => items;

    public RenderBudget? Budget => budget;

    public IEnumerator GetEnumerator() => items.GetEnumerator();
}

using System.Collections.Frozen;

namespace MailPlugin.Templates.Scanning;

/// <summary>What a helper takes.</summary>
/// <param name="IsBlock">Whether it stands as <c>{{#name}}…{{/name}}</c>.</param>
internal sealed record HelperRule(string Name, bool IsBlock, int Least, int Most)
{
    /// <summary>Its first value may be missing without anything missing in the mail.</summary>
    public bool IsTolerant { get; init; }

    /// <summary>Our own <c>lookup</c> for the engine, which does not let its own be replaced; its own fails where a key is null.</summary>
    public const string OwnLookup = "lookup-entry";

    /// <summary>What the engine calls it.</summary>
    public string EngineName => Name == "lookup" ? OwnLookup : Name;

    static readonly FrozenDictionary<string, HelperRule> All = new HelperRule[]
    {
        new("if", true, 1, 1) { IsTolerant = true },
        new("unless", true, 1, 1) { IsTolerant = true },
        new("each", true, 1, 1) { IsTolerant = true },
        new("with", true, 1, 1) { IsTolerant = true },
        new("preheader", true, 0, 0),
        new("formatDate", false, 1, 2),
        new("formatNumber", false, 1, 2),
        new("pluralize", false, 2, 3),
        new("urlEncode", false, 1, 1),
        new("default", false, 2, 2) { IsTolerant = true },
        new("eq", false, 2, 2) { IsTolerant = true },
        new("lookup", false, 2, 2) { IsTolerant = true },
        new("button", false, 2, 2),
    }.ToFrozenDictionary(rule => rule.Name, StringComparer.Ordinal);

    public static string Inline { get; } = string.Join(", ", All.Values.Where(rule => !rule.IsBlock).Select(rule => rule.Name).Order(StringComparer.Ordinal));

    public static string Blocks { get; } = string.Join(", ", All.Values.Where(rule => rule.IsBlock).Select(rule => rule.Name).Order(StringComparer.Ordinal));

    public static HelperRule? Find(string name) => All.GetValueOrDefault(name);
}

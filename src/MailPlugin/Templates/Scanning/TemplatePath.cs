namespace MailPlugin.Templates.Scanning;

/// <summary>What a tag names.</summary>
/// <param name="Canonical">As it is written.</param>
/// <param name="Data">Behind <c>@</c>: <c>index</c>, <c>root</c>, <c>brand</c> and the like; null for the model.</param>
/// <param name="Up">How many <c>../</c>.</param>
/// <param name="IsContext">It is the context itself: <c>this</c> or <c>..</c>.</param>
internal sealed record TemplatePath(string Canonical, string? Data, int Up, IReadOnlyList<string> Segments, bool IsContext)
{
    /// <summary>A name alone, which could be a helper's.</summary>
    public string? SimpleName => Data is null && Up == 0 && Segments is [var name] && name == Canonical ? name : null;
}

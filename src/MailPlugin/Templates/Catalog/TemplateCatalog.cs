using System.Collections.Frozen;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Templates.Catalog;

/// <summary>All templates and the layout at one moment. A snapshot never changes; whoever holds one finishes with it.</summary>
internal sealed record TemplateCatalog(FrozenDictionary<string, NamedTemplate> Templates, LayoutInForce Layout)
{
    public NamedTemplate? Find(string name) => Templates.GetValueOrDefault(name);
}

/// <param name="Edit">The version in force, when somebody edited it.</param>
/// <param name="Locked">Where it comes from, when it cannot be edited here.</param>
internal sealed record LayoutInForce(PreparedLayout Layout, EditMark? Edit, string? Locked)
{
    public int Version => Edit?.Version ?? 0;
}

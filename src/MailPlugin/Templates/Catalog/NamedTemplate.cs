using MailPlugin.Templates.Rendering;

namespace MailPlugin.Templates.Catalog;

/// <summary>A template in all its locales.</summary>
internal sealed record NamedTemplate(string Name, TemplateAbout About, TemplateOptions Options, EditMark? OptionsMark, IReadOnlyList<TemplateVariant> Variants)
{
    public TemplateVariant? Exactly(LocaleTag locale) => Variants.FirstOrDefault(variant => variant.Locale.Text == locale.Text);

    public TemplateVariant BestFor(LocaleTag locale)
    {
        var best = locale.BestOf([.. Variants.Select(variant => variant.Locale)]);
        return Variants.First(variant => variant.Locale == best);
    }

    /// <summary>What a submission may bring: declared where somebody did, else what the texts read.</summary>
    public IReadOnlyList<TemplateVariable> VariablesOf(PreparedTemplate template)
    {
        var declared = About.Variables ?? [];
        var inferred = template.Inferred.Where(pair => !declared.Any(variable => Covers(variable.Name, pair.Key)))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new TemplateVariable(pair.Key, pair.Value && About.Variables is null, null));
        return [.. declared, .. inferred];
    }

    /// <summary>Whether a declaration speaks of a path: <c>activities</c> of <c>activities[].text</c> too.</summary>
    public static bool Covers(string declared, string path) =>
        path.StartsWith(declared, StringComparison.Ordinal) && (path.Length == declared.Length || path[declared.Length] is '.' or '[');
}

namespace MailPlugin.Templates.Sources;

/// <summary>What comes with the plugin, embedded in its assembly.</summary>
internal static class BuiltInTemplates
{
    const string Prefix = "templates/";

    public static SourceSet Read()
    {
        var assembly = typeof(BuiltInTemplates).Assembly;
        var set = TemplateFiles.Read(assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            return (name[Prefix.Length..], reader.ReadToEnd());
        }));
        return set.Faults.Count == 0 ? set : throw new InvalidOperationException(string.Join("; ", set.Faults));
    }
}

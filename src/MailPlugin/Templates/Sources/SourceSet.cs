namespace MailPlugin.Templates.Sources;

/// <summary>Templates that are brought along rather than edited: built in, of the host, of a folder.</summary>
internal sealed record SourceSet
{
    public static SourceSet Empty { get; } = new();

    public IReadOnlyList<SourceTemplate> Templates { get; init; } = [];

    public IReadOnlyDictionary<string, TemplateAbout> Abouts { get; init; } = new Dictionary<string, TemplateAbout>();

    public Rendering.TemplateLayout? Layout { get; init; }

    /// <summary>Templates that are there and yet cannot be used: those that were read before stay.</summary>
    public IReadOnlyList<(string Name, string Locale)> Unusable { get; init; } = [];

    /// <summary>What could not be used, in words for the log.</summary>
    public IReadOnlyList<string> Faults { get; init; } = [];
}

internal sealed record SourceTemplate(string Name, LocaleTag Locale, TemplateText Text);

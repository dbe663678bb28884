using MailPlugin.Http.Binding;
using MailPlugin.Templates;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Submission;

/// <summary>Renders a named template for a submission.</summary>
internal interface ITemplateRendering
{
    /// <summary>The texts; null after noting why not (an unknown template, a variable that is missing) in <paramref name="faults"/>.</summary>
    RenderedContent? Render(string template, string? locale, IReadOnlyDictionary<string, object?>? model, Faults faults);
}

internal sealed record RenderedContent(string Subject, string? Text, string? Html)
{
    /// <summary>A picture that the HTML names.</summary>
    public LayoutLogo? Logo { get; init; }

    public TemplateOptions Options { get; init; } = new();
}

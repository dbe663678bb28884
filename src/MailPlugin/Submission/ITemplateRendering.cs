using MailPlugin.Http.Binding;

namespace MailPlugin.Submission;

/// <summary>Renders a named template for a submission.</summary>
internal interface ITemplateRendering
{
    /// <summary>The texts; null after noting why not (an unknown template, a variable that is missing) in <paramref name="faults"/>.</summary>
    RenderedContent? Render(string template, string? locale, IReadOnlyDictionary<string, object?>? model, Faults faults);
}

internal sealed record RenderedContent(string Subject, string? Text, string? Html);

/// <summary>Where there are no templates, no name is known.</summary>
internal sealed class NoTemplates : ITemplateRendering
{
    public RenderedContent? Render(string template, string? locale, IReadOnlyDictionary<string, object?>? model, Faults faults)
    {
        faults.Add("template", "must be the name of a template");
        return null;
    }
}

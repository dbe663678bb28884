using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Templates.Editing;

/// <summary>A template that somebody typed, made ready: or the problem that answers it.</summary>
internal static class TemplateDraft
{
    /// <summary>Three parts of 64 KB, in the longest way that JSON can write them, and the rest of a body.</summary>
    public const int MaxBody = 2 * 1024 * 1024;

    public static (TemplateText? Text, ProblemResult? Problem) Read(JsonObjectReader json, Faults faults)
    {
        json.Ignore("name", "title", "locale", "origin", "edited", "locked", "version", "updatedAt", "updatedBy", "base", "variables", "sample");
        var subject = json.Text("subject", MaxBody);
        var text = json.Text("text", MaxBody);
        var html = json.Text("html", MaxBody);
        json.Complete();
        if (string.IsNullOrWhiteSpace(subject) && !json.HasFault("subject"))
        {
            json.Fault("subject", "must be given");
        }

        if (string.IsNullOrWhiteSpace(text) && string.IsNullOrWhiteSpace(html) && !json.HasFault("text") && !json.HasFault("html"))
        {
            json.Fault("text", "must be given, or html");
        }

        if (faults.Any)
        {
            return (null, TemplateProblems.Invalid(faults));
        }

        var draft = new TemplateText(subject!, NullIfBlank(text), NullIfBlank(html));
        return draft.IsTooLarge ? (null, TemplateProblems.TooLargePart()) : (draft, null);
    }

    /// <summary>Scanned and compiled, so that what is saved can be sent.</summary>
    public static (PreparedTemplate? Template, ProblemResult? Problem) Prepare(TemplateText text, TemplateWorkshop workshop, string prefix = "")
    {
        var (template, faults) = workshop.Prepare(text);
        if (template is null)
        {
            return (null, TemplateProblems.Invalid(faults, prefix));
        }

        try
        {
            template.Compile();
            return (template, null);
        }
        catch (TemplateRefusedException)
        {
            return (null, TemplateProblems.Failed(RenderFailure.Broken));
        }
    }

    static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}

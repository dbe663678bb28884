using System.Text;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Editing;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Templates.Layouts;

/// <summary>A layout that somebody typed, made ready: or the problem that answers it.</summary>
internal static class LayoutDraft
{
    public static (TemplateLayout? Layout, ProblemResult? Problem) Read(JsonObjectReader json, Faults faults)
    {
        json.Ignore("frames", "locked", "version", "updatedAt", "updatedBy");
        var layout = LayoutReader.Read(json);
        json.Complete();
        return faults.Any ? (null, TemplateProblems.Invalid(faults)) : (layout, null);
    }

    public static (PreparedLayout? Layout, ProblemResult? Problem) Prepare(TemplateLayout layout, TemplateWorkshop workshop, string prefix = "")
    {
        if (IsTooLarge(layout.Html) || IsTooLarge(layout.Text))
        {
            return (null, TemplateProblems.TooLargePart());
        }

        var (prepared, faults) = workshop.Prepare(layout);
        if (prepared is null)
        {
            return (null, TemplateProblems.Invalid(faults, prefix));
        }

        try
        {
            prepared.Compile();
            return (prepared, null);
        }
        catch (TemplateRefusedException)
        {
            return (null, TemplateProblems.Failed(RenderFailure.Broken));
        }
    }

    static bool IsTooLarge(string? part) => part is not null && Encoding.UTF8.GetByteCount(part) > TemplateText.MaxBytes;
}

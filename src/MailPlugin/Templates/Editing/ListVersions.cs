using System.Globalization;
using MailPlugin.Http.Paging;
using MailPlugin.Http.Problems;
using MailPlugin.Templates.Store;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Editing;

/// <summary><c>GET /templates/{name}/versions</c>, of the layout too; also of a template that is no more.</summary>
internal static class ListVersions
{
    public static async Task<IResult> HandleAsync(string name, HttpContext context, ITemplateStore store, Catalog.TemplateRegister register)
    {
        var (locale, problem) = TemplateTarget.OptionalLocaleOf(context);
        var page = PageRequest.Read(context, $"template versions {name} {locale?.Text}");
        if ((problem ?? page.Problem) is { } refused)
        {
            return refused;
        }

        int? before = null;
        if (page.Position is { } position)
        {
            if (!int.TryParse(position.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return Problem.Of("invalid-cursor");
            }

            before = number;
        }

        var versions = await store.ListAsync(name, locale?.Text, before, page.Limit + 1, context.RequestAborted);
        return versions.Count == 0 && before is null && name != TemplateName.Layout && register.Current.Find(name) is null
            ? Problem.NotFound()
            : page.Answer(versions, version => new(version.UpdatedAt, version.Number.ToString(CultureInfo.InvariantCulture)), VersionAnswer.Head);
    }
}

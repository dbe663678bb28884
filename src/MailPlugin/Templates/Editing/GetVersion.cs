using System.Text.Json.Nodes;
using MailPlugin.Http.Problems;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Layouts;
using MailPlugin.Templates.Store;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Editing;

/// <summary><c>GET /templates/{name}/versions/{n}</c>: the content, and what changed against the one before it: the first, against what was brought along.</summary>
internal static class GetVersion
{
    public static async Task<IResult> HandleAsync(string name, string n, HttpContext context, ITemplateStore store, TemplateRegister register)
    {
        if (VersionAnswer.Number(n) is not { } number || await store.FindAsync(name, number, context.RequestAborted) is not { } version)
        {
            return Problem.NotFound();
        }

        var before = await store.FindBeforeAsync(version, context.RequestAborted);
        return Results.Ok(VersionAnswer.Whole(version, VersionAnswer.Parse(before?.Document) ?? BroughtAlong(version, register.Current)));
    }

    static JsonObject? BroughtAlong(TemplateVersion version, TemplateCatalog catalog)
    {
        if (version.Name == TemplateName.Layout)
        {
            return LayoutDocument.Write(new());
        }

        return catalog.Find(version.Name)?.Exactly(LocaleTag.Parse(version.Locale))?.Base is { } template ? TemplateTextDocument.Write(template.Source) : null;
    }
}

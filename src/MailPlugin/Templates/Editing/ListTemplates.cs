using MailPlugin.Http;
using MailPlugin.Templates.Catalog;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Editing;

/// <summary><c>GET /templates</c>: all of them, by name; there are few enough for one page.</summary>
internal static class ListTemplates
{
    public static IResult Handle(HttpContext context, TemplateRegister register)
    {
        var language = RequestLanguage.Of(context);
        var items = register.Current.Templates.Values.OrderBy(template => template.Name, StringComparer.Ordinal).Select(template => new
        {
            name = template.Name,
            title = template.About.Title?.In(language),
            enabled = template.Options.Enabled,
            locales = template.Variants.Select(TemplateAnswer.Head),
        });
        return Results.Ok(new { items, next = (string?)null });
    }
}

using System.Net;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Http.Problems;

/// <summary><c>GET /problems/{slug}</c>: the page behind a problem's type.</summary>
internal static class GetProblem
{
    public static IResult Handle(string slug, HttpContext context)
    {
        if (ProblemCatalog.Find(slug) is not { } type)
        {
            return Problem.NotFound();
        }

        var language = RequestLanguage.Of(context);
        var (title, text) = (WebUtility.HtmlEncode(type.Title.In(language)), WebUtility.HtmlEncode(type.Explanation.In(language)));
        var html = $"""
            <!doctype html>
            <html lang="{(language == Language.Chinese ? "zh-CN" : "en")}">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{title}</title>
            <h1>{title}</h1>
            <p>{text}</p>
            <p><code>{type.Slug}</code> · HTTP {type.Status}</p>
            </html>
            """;
        return Results.Content(html, "text/html; charset=utf-8");
    }
}

using MailPlugin.Http.Problems;
using MailPlugin.Templates.Catalog;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Editing;

/// <summary><c>GET /templates/{name}</c>: what a mail in <c>?locale=</c> is made of; the answer says which locale that is.</summary>
internal static class GetTemplate
{
    public static IResult Handle(string name, HttpContext context, TemplateRegister register)
    {
        var (locale, problem) = TemplateTarget.LocaleOf(context);
        if (locale is null)
        {
            return problem!;
        }

        return register.Current.Find(name) is { } template ? TemplateAnswer.Ok(context, template, template.BestFor(locale)) : Problem.NotFound();
    }
}

using MailPlugin.Templates.Catalog;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Layouts;

/// <summary><c>GET /templates/layout</c>.</summary>
internal static class GetLayout
{
    public static IResult Handle(HttpContext context, TemplateRegister register) => LayoutAnswer.Ok(context, register.Current.Layout);
}

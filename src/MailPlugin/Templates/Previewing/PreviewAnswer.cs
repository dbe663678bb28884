using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.Http;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Templates.Previewing;

internal static class PreviewAnswer
{
    public static JsonObject Body(PreviewRequest request, RenderedMail mail, Language language)
    {
        var missing = MissingVariables.Of(request.Named, request.Template, request.Model);
        return new()
        {
            ["subject"] = mail.Subject,
            ["text"] = mail.Text,
            ["html"] = Shown(mail),
            ["locale"] = request.Locale.Text,
            ["size"] = new JsonObject { ["text"] = Encoding.UTF8.GetByteCount(mail.Text), ["html"] = Encoding.UTF8.GetByteCount(mail.Html ?? "") },
            ["variables"] = Texts(request.Template.Inferred.Keys.Order(StringComparer.Ordinal)),
            ["missing"] = Texts(missing),
            ["warnings"] = new JsonArray([.. PreviewWarnings.Of(request, mail, missing).Select(warning => new JsonObject { ["id"] = warning.Id, ["text"] = warning.Text.In(language) })]),
        };
    }

    /// <summary>Outside of a mail nothing has a Content-ID: the picture stands in the page itself.</summary>
    static string? Shown(RenderedMail mail) =>
        mail.Logo is { } logo ? mail.Html?.Replace($"cid:{LayoutLogo.ContentId}", $"data:{logo.ContentType};base64,{Convert.ToBase64String(logo.Content)}", StringComparison.Ordinal) : mail.Html;

    static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}

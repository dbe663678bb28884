using System.Text.Json.Nodes;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Templates.Layouts;

internal static class LayoutDocument
{
    public static JsonObject Write(TemplateLayout layout) => new()
    {
        ["brandName"] = layout.BrandName,
        ["color"] = layout.Color,
        ["address"] = layout.Address,
        ["logo"] = layout.Logo is not { } logo ? null : new JsonObject { ["contentType"] = logo.ContentType, ["content"] = Convert.ToBase64String(logo.Content) },
        ["html"] = layout.Html,
        ["text"] = layout.Text,
    };
}

using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Editing;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Layouts;

/// <summary>The layout as <c>GET</c> and <c>PUT /templates/layout</c> answer it, with its ETag.</summary>
internal static class LayoutAnswer
{
    public static IResult Ok(HttpContext context, LayoutInForce layout)
    {
        TemplateAnswer.Mark(context, layout.Version);
        return Results.Ok(Body(layout));
    }

    public static JsonObject Body(LayoutInForce layout)
    {
        var json = LayoutDocument.Write(layout.Layout.Source);
        json["frames"] = new JsonObject { ["html"] = layout.Layout.HtmlFrame, ["text"] = layout.Layout.TextFrame };
        json["locked"] = layout.Locked;
        json["version"] = layout.Version;
        json["updatedAt"] = layout.Edit is { } edit ? TimeText.Of(edit.UpdatedAt) : null;
        json["updatedBy"] = layout.Edit?.UpdatedBy;
        return json;
    }
}

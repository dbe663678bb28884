using System.Text.Json.Nodes;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Templates.Catalog;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Editing;

/// <summary>A template in one locale as <c>GET</c> and <c>PUT</c> answer it, with its ETag.</summary>
internal static class TemplateAnswer
{
    public static IResult Ok(HttpContext context, NamedTemplate template, TemplateVariant variant)
    {
        Mark(context, variant.Version);
        return Results.Ok(Body(template, variant, RequestLanguage.Of(context)));
    }

    public static void Mark(HttpContext context, int version)
    {
        context.Response.Headers.ETag = Tag(version);
        context.Response.Headers.CacheControl = "no-store";
    }

    public static string Tag(int version) => $"\"{version.ToString(System.Globalization.CultureInfo.InvariantCulture)}\"";

    public static JsonObject Body(NamedTemplate template, TemplateVariant variant, Language language)
    {
        var json = Head(variant);
        json["name"] = template.Name;
        json["title"] = template.About.Title?.In(language);
        Write(json, variant.Template.Source);
        json["base"] = variant.Edit is null || variant.Base is null ? null : TemplateTextDocument.Write(variant.Base.Source);
        json["variables"] = Variables(template, variant, language);
        json["sample"] = SampleJson.Write(template.About.SampleFor(variant.Locale));
        return json;
    }

    /// <summary>What a list shows of a locale.</summary>
    public static JsonObject Head(TemplateVariant variant) => new()
    {
        ["locale"] = variant.Locale.Text,
        ["origin"] = EnumText.Of(variant.Origin),
        ["edited"] = variant.Edit is not null,
        ["locked"] = variant.Locked,
        ["version"] = variant.Version,
        ["updatedAt"] = variant.Edit is { } edit ? TimeText.Of(edit.UpdatedAt) : null,
        ["updatedBy"] = variant.Edit?.UpdatedBy,
    };

    public static JsonArray Variables(NamedTemplate template, TemplateVariant variant, Language language) => new([.. template.VariablesOf(variant.Template).Select(variable => new JsonObject
    {
        ["name"] = variable.Name,
        ["required"] = variable.Required,
        ["description"] = variable.Description?.In(language),
    })]);

    public static void Write(JsonObject json, TemplateText text)
    {
        foreach (var (name, value) in TemplateTextDocument.Write(text))
        {
            json[name] = value?.DeepClone();
        }
    }
}

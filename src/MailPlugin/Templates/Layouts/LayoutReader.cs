using System.Text.RegularExpressions;
using MailPlugin.Http.Binding;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Templates.Layouts;

/// <summary>The layout as JSON: what the API takes and answers, what the store and <c>layout.json</c> hold.</summary>
internal static partial class LayoutReader
{
    const int MaxName = 128;
    const int MaxAddress = 500;

    /// <summary>Everything but the frames.</summary>
    public static TemplateLayout ReadValues(JsonObjectReader json)
    {
        var color = json.Line("color", 7);
        if (color is not null && !Color().IsMatch(color))
        {
            json.Fault("color", "must be a colour such as #2457d6");
            color = null;
        }

        return new()
        {
            BrandName = NullIfBlank(json.Line("brandName", MaxName)),
            Color = color?.ToLowerInvariant() ?? TemplateLayout.DefaultColor,
            Address = NullIfBlank(json.Line("address", MaxAddress)),
            Logo = ReadLogo(json),
        };
    }

    public static TemplateLayout Read(JsonObjectReader json) => ReadValues(json) with { Html = NullIfBlank(json.Text("html", int.MaxValue)), Text = NullIfBlank(json.Text("text", int.MaxValue)) };

    static LayoutLogo? ReadLogo(JsonObjectReader json)
    {
        if (json.Object("logo") is not { } logo)
        {
            return null;
        }

        logo.Ignore("contentType");
        var read = ReadContent(logo);
        logo.Complete();
        return read;
    }

    static LayoutLogo? ReadContent(JsonObjectReader logo)
    {
        if (!logo.TryGetValue("content", out var value) || JsonText.Bytes(value) is not { } content)
        {
            logo.Fault("content", "must be base64");
            return null;
        }

        if (content.Length > LayoutLogo.MaxBytes)
        {
            logo.Fault("content", $"must have at most {LayoutLogo.MaxBytes} bytes: it travels with every mail");
            return null;
        }

        if (LayoutLogo.TypeOf(content) is not { } type)
        {
            logo.Fault("content", "must be a PNG, JPEG or GIF picture: mail programs show no other");
            return null;
        }

        return new(type, content);
    }

    static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    [GeneratedRegex("^#[0-9A-Fa-f]{6}\\z")]
    private static partial Regex Color();
}

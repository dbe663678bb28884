using System.Text;
using System.Text.Encodings.Web;
using MailPlugin.Host.Loading;

namespace MailPlugin.Host;

/// <summary>The page at <c>/</c>: which plugins are loaded and where their pages are.</summary>
internal static class RootPage
{
    public static IResult Show(HttpContext http, PluginReport plugins)
    {
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.Content(Render(plugins.Loaded), "text/html; charset=utf-8");
    }

    internal static string Render(IReadOnlyList<LoadedPlugin> plugins)
    {
        var html = new StringBuilder("<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Plugins</title></head>\n<body>\n<h1>Plugins</h1>\n");
        html.Append(plugins.Count == 0 ? "<p>No plugin is loaded.</p>\n" : "<ul>\n");
        foreach (var (manifest, _) in plugins)
        {
            html.Append("<li>").Append(Encode(manifest.Name)).Append(' ').Append(Encode(manifest.Version));
            foreach (var page in manifest.Pages)
            {
                html.Append(" &middot; <a href=\"").Append(Encode(page.Path)).Append("\">").Append(Encode(page.Title)).Append("</a>");
            }

            html.Append("</li>\n");
        }

        return html.Append(plugins.Count == 0 ? "</body>\n</html>\n" : "</ul>\n</body>\n</html>\n").ToString();
    }

    static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}

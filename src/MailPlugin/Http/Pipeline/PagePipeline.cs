using System.Text.Json;
using MailPlugin.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;

namespace MailPlugin.Http.Pipeline;

/// <summary>Serves the admin page: static files under a strict content security policy, and <c>config.json</c>, which tells it where the API is.</summary>
internal static class PagePipeline
{
    /// <summary>What is no document loads nothing and is framed by nobody; said in few bytes, for it is said a hundred times.</summary>
    const string NoDocument = "default-src 'none'; frame-ancestors 'none'";

    const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-src 'self'; "
        + "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static RequestDelegate Build(IServiceProvider services, MailPluginOptions options, string folder)
    {
        IFileProvider files = Directory.Exists(folder) ? new PhysicalFileProvider(folder) : new NullFileProvider();
        var kept = new PageFiles(files);
        var app = new ApplicationBuilder(services);
        var config = JsonSerializer.SerializeToUtf8Bytes(new { api = RelativePath(options.PagePath, options.BasePath) });
        app.Use(SecureHeaders);
        app.Use((context, next) => RedirectToFolder(context, next));
        app.Map("/config.json", branch => branch.Run(context => ConfigAsync(context, config)));
        app.Run(context => FileAsync(context, kept));
        return app.Build();
    }

    /// <summary>From page to API without scheme and host, so that it holds behind a proxy that takes a prefix off and behind one that does not.</summary>
    public static string RelativePath(string page, string api)
    {
        var from = page.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var to = api.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var common = from.Zip(to).TakeWhile(pair => pair.First == pair.Second).Count();
        return string.Concat(Enumerable.Repeat("../", from.Length - common)) + string.Join('/', to.Skip(common));
    }

    static Task SecureHeaders(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = NoDocument;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache";
        return next(context);
    }

    /// <summary>Relative addresses on the page need the trailing slash.</summary>
    static Task RedirectToFolder(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.HasValue)
        {
            return next(context);
        }

        // A relative target, so that no host header gets into it and a prefix that a proxy took off stays.
        var name = context.Request.PathBase.ToUriComponent().Split('/')[^1];
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = $"{name}/{context.Request.QueryString}";
        return Task.CompletedTask;
    }

    static Task ConfigAsync(HttpContext context, byte[] config)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = config.Length;
        return context.Response.Body.WriteAsync(config, context.RequestAborted).AsTask();
    }

    /// <summary>Static files and no secret among them: compressing over https gives nothing away.</summary>
    static Task FileAsync(HttpContext context, PageFiles files)
    {
        var file = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? files.Find(context.Request.Path) : null;
        if (file is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (file.IsDocument)
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        }

        if (file.IsPicture)
        {
            // Browsers ask for a page's mark with every view; the rest changes together and is asked for once a visit.
            context.Response.Headers.CacheControl = "max-age=86400";
        }

        return file.AnswerAsync(context);
    }
}

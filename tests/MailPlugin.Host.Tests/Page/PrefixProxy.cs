using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Host.Tests.Page;

/// <summary>A reverse proxy that serves a host below a path, and takes the path off or leaves it on. What is not below it is not there.</summary>
internal sealed class PrefixProxy : IAsyncDisposable
{
    static readonly string[] HopByHop = ["Host", "Connection", "Transfer-Encoding", "Keep-Alive", "Upgrade"];

    readonly WebApplication _app;
    readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None });

    PrefixProxy(WebApplication app, string prefix) => (_app, Address) = (app, new Uri($"{app.Urls.First()}{prefix}/"));

    /// <summary>Where the host is found, the prefix included.</summary>
    public Uri Address { get; }

    public static async Task<PrefixProxy> StartAsync(Uri host, string prefix, bool strips)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        PrefixProxy? proxy = null;
        app.Run(context => proxy!.ForwardAsync(context, host, prefix, strips));
        await app.StartAsync();
        return proxy = new(app, prefix);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    async Task ForwardAsync(HttpContext context, Uri host, string prefix, bool strips)
    {
        if (!context.Request.Path.StartsWithSegments(prefix, out var rest))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        using var request = new HttpRequestMessage(new(context.Request.Method), new Uri(host, $"{(strips ? rest : context.Request.Path)}{context.Request.QueryString}"));
        if (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach (var (name, value) in context.Request.Headers.Where(header => !HopByHop.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, [.. value]))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, [.. value]);
            }
        }

        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, value) in response.Headers.Concat(response.Content.Headers).Where(header => !HopByHop.Contains(header.Key, StringComparer.OrdinalIgnoreCase)))
        {
            context.Response.Headers[name] = value.ToArray();
        }

        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}

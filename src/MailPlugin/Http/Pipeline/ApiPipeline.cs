using Carter;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using MailPlugin.Security.Keys;
using MailPlugin.Security.SignIns;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Http.Pipeline;

/// <summary>What a request to the API passes through, from the outside in.</summary>
internal static class ApiPipeline
{
    public static RequestDelegate Build(IServiceProvider services, IEnumerable<ICarterModule> modules)
    {
        var app = new ApplicationBuilder(services);
        app.Use(SecureHeaders);
        app.UseMiddleware<ErrorAnswers>();
        app.UseRouting();
        app.UseAuthentication();
        app.Use(CsrfCheck.InvokeAsync);
        app.UseAuthorization();
        app.UseMiddleware<KeyRateCheck>();
        app.Use(MethodNotAllowed);
        app.UseEndpoints(endpoints => Map(endpoints, modules));
        app.Run(context => Problem.NotFound().ExecuteAsync(context));
        return app.Build();
    }

    /// <summary>What no module says otherwise of is the administrator's: a forgotten policy closes a route, it does not open one.</summary>
    static void Map(IEndpointRouteBuilder endpoints, IEnumerable<ICarterModule> modules)
    {
        var routes = endpoints.MapGroup("");
        ((IEndpointConventionBuilder)routes).Finally(endpoint =>
        {
            if (!endpoint.Metadata.Any(item => item is IAuthorizeData or IAllowAnonymous))
            {
                endpoint.Metadata.Add(new AuthorizeAttribute(Scopes.Admin));
            }
        });
        foreach (var module in modules)
        {
            module.AddRoutes(routes);
        }
    }

    static Task SecureHeaders(HttpContext context, RequestDelegate next)
    {
        Secure(context.Response.Headers);
        return next(context);
    }

    /// <summary>Every answer carries these, one that replaces another too.</summary>
    public static void Secure(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
    }

    /// <summary>Routing answers a wrong method with an endpoint of its own that has no body; RFC 9457 4.2.1 has a type for it.</summary>
    static async Task MethodNotAllowed(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Response is { StatusCode: StatusCodes.Status405MethodNotAllowed, HasStarted: false })
        {
            await Results.Json(
                new { type = "about:blank", title = "Method Not Allowed", status = 405 }, contentType: "application/problem+json").ExecuteAsync(context);
        }
    }
}

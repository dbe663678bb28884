using Carter;
using MailPlugin.Http.Problems;
using MailPlugin.Options;
using MailPlugin.Security;
using MailPlugin.Security.Keys;
using MailPlugin.Security.SignIns;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Http.Pipeline;

/// <summary>What a request to the API passes through, from the outside in.</summary>
internal static class ApiPipeline
{
    public static RequestDelegate Build(IServiceProvider services, MailPluginOptions options, IEnumerable<ICarterModule> modules)
    {
        var app = new ApplicationBuilder(services);
        app.UseTrustedProxies(options);
        app.Use(SecureHeaders);
        app.Use(HeadAsGet);
        app.UseMiddleware<ErrorAnswers>();
        app.UseRouting();
        app.UseAuthentication();
        app.Use(CsrfCheck.InvokeAsync);
        app.UseAuthorization();
        app.UseMiddleware<KeyRateCheck>();
        app.Use(MethodNotAllowed);
        app.UseWhen(context => context.GetEndpoint()?.Metadata.GetMetadata<NoSecretWithin>() is not null, branch => branch.UseResponseCompression());
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
        ApiHeaders.Set(context.Response.Headers);
        return next(context);
    }

    /// <summary>HEAD is GET without the body (RFC 9110 9.3.2), which the server leaves out by itself.</summary>
    static async Task HeadAsGet(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await next(context);
            return;
        }

        context.Request.Method = HttpMethods.Get;
        context.Features.Set(new HeadersOnly());
        try
        {
            await next(context);
        }
        finally
        {
            context.Request.Method = HttpMethods.Head;
        }
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

using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.Http.OpenApi;

/// <summary>A route that a module maps.</summary>
/// <param name="Method">In lower case.</param>
/// <param name="Scope">Scope that it asks for; <c>open</c> when anybody may call.</param>
internal sealed record MappedRoute(string Method, string Path, string Scope);

/// <summary>What the plugin's modules map, without a server.</summary>
internal sealed class MappedRoutes : IEndpointRouteBuilder
{
    public IServiceProvider ServiceProvider { get; } = new Services();

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(ServiceProvider);

    public static IReadOnlyList<MappedRoute> All()
    {
        var routes = new MappedRoutes();
        foreach (var module in MailPluginEntry.Modules)
        {
            module.AddRoutes(routes);
        }

        return [.. routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().SelectMany(Of)];
    }

    static IEnumerable<MappedRoute> Of(RouteEndpoint endpoint)
    {
        var path = "/" + endpoint.RoutePattern.RawText!.Trim('/');

        // What says nothing is the administrator's: the pipeline adds it.
        var scope = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            ? "open"
            : endpoint.Metadata.GetMetadata<IAuthorizeData>()?.Policy ?? "admin";
        return endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(method => new MappedRoute(method.ToLowerInvariant(), path, scope));
    }

    /// <summary>Routing asks which parameters are services, and takes the rest for the body; a container would answer by itself.</summary>
    sealed class Services : IServiceProvider, IServiceProviderIsService
    {
        readonly ServiceProvider _routing = new ServiceCollection().AddRouting().AddLogging().BuildServiceProvider();

        public object? GetService(Type serviceType) => serviceType == typeof(IServiceProviderIsService) ? this : _routing.GetService(serviceType);

        public bool IsService(Type serviceType) =>
            serviceType != typeof(string) && !serviceType.IsValueType && serviceType != typeof(HttpContext) && serviceType != typeof(ClaimsPrincipal);
    }
}

using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Http.Pipeline;

/// <summary>
/// Runs a request with the plugin's services instead of the host's and puts everything back afterwards: what the host's middleware does
/// around the branch sees its own services and endpoint.
/// </summary>
internal static class GuestScope
{
    public static async Task RunAsync(HttpContext context, IServiceProvider services, RequestDelegate pipeline)
    {
        var (hostServices, hostEndpoint, hostUser) = (context.Features.Get<IServiceProvidersFeature>(), context.GetEndpoint(), context.User);
        var (scheme, server, address, port) = (context.Request.Scheme, context.Request.Host, context.Connection.RemoteIpAddress, context.Connection.RemotePort);
        await using var own = new RequestServicesFeature(context, services.GetRequiredService<IServiceScopeFactory>());
        context.Features.Set(new HostRequest(hostServices, hostUser));
        context.SetEndpoint(null);

        // Whom the host knows is nobody here: API keys and sign-ins decide.
        context.User = new(new ClaimsIdentity());
        context.Features.Set<IServiceProvidersFeature>(own);
        try
        {
            await pipeline(context);
        }
        finally
        {
            context.Features.Set(hostServices);
            context.SetEndpoint(hostEndpoint);
            context.User = hostUser;
            (context.Request.Scheme, context.Request.Host) = (scheme, server);
            (context.Connection.RemoteIpAddress, context.Connection.RemotePort) = (address, port);
        }
    }
}

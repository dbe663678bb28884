using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MailPlugin.Http.Pipeline;

/// <summary>The request as the host knew it before the branch took over: a feature, for the one question that only the host can answer.</summary>
/// <param name="Services">Where the host's services of this request come from.</param>
/// <param name="User">Whom the host knew already.</param>
internal sealed record HostRequest(IServiceProvidersFeature? Services, ClaimsPrincipal User)
{
    /// <summary>Asks with the host's services and user in place, and puts the plugin's back.</summary>
    public async Task<T> AskAsync<T>(HttpContext context, Func<IServiceProvider, Task<T>> question)
    {
        var (services, user) = (context.Features.Get<IServiceProvidersFeature>(), context.User);
        context.Features.Set(Services);
        context.User = User;
        try
        {
            return await question(context.RequestServices);
        }
        finally
        {
            context.Features.Set(services);
            context.User = user;
        }
    }
}

using MailPlugin.Http;
using MailPlugin.OAuth.Authorization;
using MailPlugin.OAuth.Providers;
using MailPlugin.Options;
using MailPlugin.Settings;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.OAuth;

/// <summary><c>GET /oauth</c>: what has to be known before a transport with tokens can be saved: the redirect address to register, the providers with their addresses, and what to do there.</summary>
internal static class ListProviders
{
    public static IResult Handle(HttpContext context, MailPluginOptions options)
    {
        var language = RequestLanguage.Of(context);
        context.Response.Headers.Vary = "Accept-Language";
        return Results.Ok(new { redirectUri = RedirectAddress.Of(context, options), items = ProviderGuide.All.Select(guide => View(guide, language)) });
    }

    static object View(ProviderGuide guide, Language language)
    {
        var known = guide.Provider is { } name ? OAuthProviders.Find(name) : null;
        string? Address(string? url) => known?.Tenant is { } tenant ? url?.Replace($"/{tenant}/", guide.Tenant is { } own ? $"/{own}/" : "/{tenant}/", StringComparison.Ordinal) : url;
        return new
        {
            guide.Id,
            guide.Provider,
            name = guide.Name.In(language),
            tenant = guide.Tenant is null ? known?.Tenant : null,
            tokenUrl = Address(known?.TokenUrl),
            authorizeUrl = Address(known?.AuthorizeUrl),
            deviceUrl = Address(known?.DeviceUrl),
            known?.RevokeUrl,
            scopes = known?.PersonScope.Split(' '),
            applicationScopes = known?.ApplicationScope?.Split(' '),
            guide.Steps,
            guide.OfficialUrl,
            guide.CheckedOn,
        };
    }
}

using System.Security.Claims;
using MailPlugin.Http.Problems;
using MailPlugin.OAuth.Authorization;
using MailPlugin.Options;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Settings;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.OAuth;

/// <summary><c>POST /oauth/{transport}/authorize</c>: where to send the browser, so that a person signs in at the provider.</summary>
internal static class StartAuthorization
{
    public static async Task<IResult> HandleAsync(
        string transport, HttpContext context, ClaimsPrincipal caller, ISettingsSource settings, AuthorizationDesk desk, SignInFailures failures, MailPluginOptions options, IAuditLog audit)
    {
        if (settings.Current.Settings.Transport(transport) is not { Smtp.OAuth: { } oauth } saved)
        {
            return Problem.NotFound();
        }

        if (oauth.Flow != OAuthFlow.AuthorizationCode)
        {
            return Problem.Of("wrong-state", new("This transport's flow is not authorizationCode.", "该发送通道的 OAuth 流程不是授权码流程。"));
        }

        if (RedirectAddress.Of(context, options) is not { } redirect)
        {
            return Problem.Of("wrong-state", new(
                "The address that browsers come back to is not known: set MailPlugin:PublicUrl to where they open this host.",
                "尚不知道浏览器应返回的地址：请将 MailPlugin:PublicUrl 设为浏览器打开本主机所用的地址。"));
        }

        var (url, cookie, endsAt) = await desk.BeginAsync(saved, redirect, caller.Name(), context.RequestAborted);
        failures.Forget(transport);
        await audit.WriteAsync(caller.Name(), "provider sign-in begun", transport, oauth.Provider, context.RequestAborted);
        AuthorizationCookie.Write(context, options, cookie);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Ok(new Answer(url, redirect, endsAt));
    }

    /// <param name="Url">Where the browser goes.</param>
    /// <param name="RedirectUri">Where it comes back to.</param>
    /// <param name="ExpiresAt">Until when it may.</param>
    internal sealed record Answer(Uri Url, Uri RedirectUri, DateTimeOffset ExpiresAt);
}

using System.Security.Claims;
using MailPlugin.Http;
using MailPlugin.Http.Problems;
using MailPlugin.OAuth.Device;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Settings;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.OAuth;

/// <summary><c>POST /oauth/{transport}/device</c>: a code that a person types at the provider.</summary>
internal static class StartDevice
{
    public static async Task<IResult> HandleAsync(string transport, HttpContext context, ClaimsPrincipal caller, ISettingsSource settings, DeviceSignIns signIns, IAuditLog audit)
    {
        if (settings.Current.Settings.Transport(transport) is not { Smtp.OAuth: { } oauth } saved)
        {
            return Problem.NotFound();
        }

        if (oauth.Flow != OAuthFlow.DeviceCode)
        {
            return Problem.Of("wrong-state", new("This transport's flow is not deviceCode.", "该发送通道的 OAuth 流程不是设备码流程。"));
        }

        var (code, failure, forbidden) = await signIns.BeginAsync(saved, caller.Name(), context.RequestAborted);
        if (code is null)
        {
            await audit.WriteAsync(caller.Name(), forbidden ? "provider sign-in refused by the outbound policy" : "provider sign-in failed", transport, failure, context.RequestAborted);
            if (forbidden)
            {
                return Problem.Of("destination-not-allowed", new(failure!, $"宿主的出站策略不允许访问 {oauth.DeviceUrl!.Host}。"));
            }

            return Problem.Of("login-failed", new($"The provider gives no code. {failure}", $"服务商未返回设备码。{failure}"));
        }

        await audit.WriteAsync(caller.Name(), "provider sign-in begun", transport, oauth.Provider, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Ok(code);
    }
}

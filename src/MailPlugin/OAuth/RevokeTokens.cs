using System.Security.Claims;
using MailPlugin.Http.Problems;
using MailPlugin.OAuth.Device;
using MailPlugin.OAuth.Tokens;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MailPlugin.OAuth;

/// <summary><c>POST /oauth/{transport}/revoke</c>: signs out. Forgotten here first, then given back at the provider as far as it takes it (RFC 7009).</summary>
internal static partial class RevokeTokens
{
    public static async Task<IResult> HandleAsync(
        string transport, HttpContext context, ClaimsPrincipal caller, ISettingsSource settings, TokenKeeper keeper, DeviceSignIns devices, TokenEndpoint endpoint, IAuditLog audit, TimeProvider clock, ILogger<TokenKeeper> logger)
    {
        if (settings.Current.Settings.Transport(transport) is not { Smtp.OAuth: { } oauth } saved)
        {
            return Problem.NotFound();
        }

        devices.GiveUp(transport);
        var token = await keeper.ForgetAsync(saved);
        await audit.WriteAsync(caller.Name(), "signed out at the provider", transport, null, context.RequestAborted);
        if (oauth.RevokeUrl is { } url && (token?.RefreshToken ?? token?.AccessToken) is { } secret)
        {
            switch (await endpoint.RevokeAsync(oauth, url, secret, clock.GetUtcNow(), CancellationToken.None))
            {
                case TokenAnswer.Refused refused:
                    LogNotRevoked(logger, transport, refused.Error);
                    break;
                case TokenAnswer.Unavailable unavailable:
                    LogNotRevoked(logger, transport, unavailable.Reason);
                    if (unavailable.Forbidden)
                    {
                        await audit.WriteAsync(caller.Name(), "revocation refused by the outbound policy", transport, unavailable.Reason, CancellationToken.None);
                    }

                    break;
            }
        }

        return Results.NoContent();
    }

    [LoggerMessage(EventId = 1813, Level = LogLevel.Warning, Message = "The provider did not take back the token of transport {Transport}: {Reason}")]
    static partial void LogNotRevoked(ILogger logger, string transport, string reason);
}

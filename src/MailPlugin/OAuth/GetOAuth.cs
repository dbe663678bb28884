using MailPlugin.Http.Problems;
using MailPlugin.OAuth.Authorization;
using MailPlugin.OAuth.Device;
using MailPlugin.Options;
using MailPlugin.Settings;
using MailPlugin.Transports;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.OAuth;

/// <summary><c>GET /oauth/{transport}</c>: how a transport stands with its provider. Never a token.</summary>
internal static class GetOAuth
{
    public static async Task<IResult> HandleAsync(
        string transport, HttpContext context, ISettingsSource settings, IAccessTokens tokens, DeviceSignIns devices, SignInFailures failures, MailPluginOptions options)
    {
        if (settings.Current.Settings.Transport(transport) is not { Smtp.OAuth: { } oauth } saved || await tokens.StateAsync(saved, context.RequestAborted) is not { } state)
        {
            return Problem.NotFound();
        }

        return Results.Ok(new Answer(
            transport, oauth.Provider, oauth.Flow, state.Account, state.SignedIn, state.Scopes, state.ExpiresAt, state.LastRefreshAt, state.SignInEndsAt, failures.Find(transport, state.LastRefreshAt) ?? state.Error,
            RedirectAddress.Of(context, options), devices.Find(transport)));
    }

    internal sealed record Answer(
        string Transport,
        string Provider,
        OAuthFlow Flow,
        string? Account,
        bool SignedIn,
        IReadOnlyList<string> Scopes,
        DateTimeOffset? ExpiresAt,
        DateTimeOffset? LastRefreshAt,
        DateTimeOffset? SignInEndsAt,
        string? Error,
        Uri? RedirectUri,
        DeviceCode? Device);
}

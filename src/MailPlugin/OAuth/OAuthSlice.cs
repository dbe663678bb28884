using MailPlugin.OAuth.Authorization;
using MailPlugin.OAuth.Device;
using MailPlugin.OAuth.Tokens;
using MailPlugin.Security.Outbound;
using MailPlugin.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MailPlugin.OAuth;

/// <summary>Tokens for relays. Needs the stores, the settings and <see cref="Delivery.TransportResumes"/>.</summary>
internal static class OAuthSlice
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(provider => new ProviderHttp(provider.GetRequiredService<OutboundPolicy>()));
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<TokenVault>();
        services.AddSingleton<TokenKeeper>();
        services.AddSingleton<IAccessTokens>(provider => provider.GetRequiredService<TokenKeeper>());
        services.AddSingleton<AuthorizationDesk>();
        services.AddSingleton<SignInFailures>();
        services.AddSingleton<TokenUpkeep>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<TokenUpkeep>());
        services.AddSingleton<DeviceSignIns>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<DeviceSignIns>());
    }
}

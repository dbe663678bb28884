using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace MailPlugin.Host;

/// <summary>How long the reference host waits for a caller. What the configuration says under <c>Kestrel</c>, such as <c>Kestrel:Limits:RequestHeadersTimeout</c>, wins.</summary>
internal static class Patience
{
    public static void BoundPatience(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<KestrelServerOptions>(server =>
        {
            // Which server it is helps nobody but whoever looks for an old one.
            server.AddServerHeader = false;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        });
        builder.Services.Configure<KestrelServerOptions>(builder.Configuration.GetSection("Kestrel"));
    }
}

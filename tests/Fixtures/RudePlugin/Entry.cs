using System.Text.Json;
using MailPlugin.Abstractions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace RudePlugin;

/// <summary>No guest at all: it rearranges the host's furniture. The tests of good behaviour must notice.</summary>
public sealed class Entry : IHostPlugin
{
    public void ConfigureServices(IServiceCollection services, HostPluginContext context)
    {
        switch (context.Configuration["Rude"])
        {
            case "json":
                services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower);
                break;
            case "authentication":
                services.AddAuthentication("rude").AddCookie("rude");
                break;
            case "antiforgery":
                services.AddAntiforgery(antiforgery => antiforgery.HeaderName = "X-Rude");
                break;
            case "authorization":
                services.AddAuthorizationBuilder().SetFallbackPolicy(null);
                break;
            case "data protection":
                services.AddDataProtection(protection => protection.ApplicationDiscriminator = "rude");
                break;
            case "problem details":
                services.AddProblemDetails(problems => problems.CustomizeProblemDetails = problem => problem.ProblemDetails.Title = "rude");
                break;
            case "header":
                services.AddSingleton<IStartupFilter, Shouting>();
                break;
            case "registration":
                services.RemoveAll<IStartupFilter>();
                services.AddSingleton(TimeProvider.System);
                break;
        }
    }
}

internal sealed class Shouting : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, rest) =>
        {
            http.Response.Headers["X-Powered-By"] = "rude";
            return rest(http);
        });
        next(app);
    };
}

using System.Net;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Serialization;
using MailPlugin.Host.Loading;
using MailPlugin.Host.Tests.Support;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Host.Tests.Guest;

/// <summary>
/// Somebody else's application: it has its own mind about JSON, sign-in, Data Protection, antiforgery, problem details, cross-origin
/// requests, authorization and its path base. Whatever a plugin changes of that shows in one of its answers.
/// </summary>
internal sealed class TheirHost : IAsyncDisposable
{
    readonly WebApplication _app;

    TheirHost(WebApplication app, RecordedLog log, IReadOnlyList<ServiceDescriptor> services)
    {
        _app = app;
        Log = log;
        Services = services;
        Address = new Uri(app.Urls.Single());
    }

    public Uri Address { get; }

    public RecordedLog Log { get; }

    /// <summary>What was registered when the host was built.</summary>
    public IReadOnlyList<ServiceDescriptor> Services { get; }

    public PluginReport Plugins => _app.Services.GetRequiredService<PluginReport>();

    /// <param name="folder">Content root with <c>wwwroot</c> and the key ring; hosts that are compared share it.</param>
    /// <param name="plugins">The plugins folder.</param>
    /// <param name="pluginsFirst">Whether the plugins register their services before or after the host does.</param>
    /// <param name="settings">Configuration for the plugins.</param>
    public static async Task<TheirHost> StartAsync(string folder, string plugins, bool pluginsFirst, params string[] settings)
    {
        var log = new RecordedLog();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ContentRootPath = folder,
            EnvironmentName = "Production",
            Args = [$"--Plugins:Path={plugins}", .. settings],
        });
        builder.Logging.ClearProviders().AddProvider(log);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        if (pluginsFirst)
        {
            builder.AddPlugins();
        }

        AddTheirServices(builder.Services, Path.Combine(folder, "keys"));
        if (!pluginsFirst)
        {
            builder.AddPlugins();
        }

        var services = builder.Services.ToArray();
        var app = builder.Build();
        app.ReportPlugins();
        UseTheirPipeline(app);
        await app.StartAsync();
        return new TheirHost(app, log, services);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    static void AddTheirServices(IServiceCollection services, string keys)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper));
        });
        services.AddAuthentication("theirs").AddCookie("theirs", cookie =>
        {
            cookie.Cookie.Name = "their-sign-in";
            cookie.LoginPath = "/sign-in";
            cookie.AccessDeniedPath = "/denied";
        });
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddDataProtection().SetApplicationName("theirs").PersistKeysToFileSystem(new DirectoryInfo(keys));
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.HeaderName = "X-Their-Token";
            antiforgery.Cookie.Name = "their-antiforgery";
        });
        services.AddProblemDetails(problems => problems.CustomizeProblemDetails = problem => problem.ProblemDetails.Extensions["node"] = "theirs");
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins("https://their.example").WithHeaders("x-their")));
        services.AddHealthChecks();
    }

    static void UseTheirPipeline(WebApplication app)
    {
        app.UsePathBase("/base");
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseStaticFiles();
        app.UseRouting();
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();

        app.MapGet("/private", (ClaimsPrincipal user) => $"for {user.Identity!.Name}");
        app.MapGet("/managers", () => "for managers").RequireAuthorization(policy => policy.RequireRole("manager"));

        var open = app.MapGroup("").AllowAnonymous();
        open.MapPost("/orders", (Order order) => order);
        open.MapGet("/sign-in", () => "Please sign in.");
        open.MapPost("/sign-in", (HttpContext http) => http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "Wei")], "theirs"))));
        open.MapGet("/boom", string () => throw new InvalidOperationException("boom"));
        open.MapGet("/teapot", () => Results.Problem("short and stout", statusCode: 418, title: "Teapot"));
        open.MapGet("/invalid", () => Results.ValidationProblem(new Dictionary<string, string[]> { ["OrderNumber"] = ["must be positive"] }));
        open.MapGet("/token", (HttpContext http, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(http).RequestToken);
        open.MapPost("/form", ([FromForm] string name) => $"Hello {name}");
        open.MapGet("/number", () => 1234.5.ToString("N", null));
        open.MapGet("/link", (LinkGenerator links, HttpContext http) => links.GetPathByName(http, "order", new { number = 7 }));
        open.MapGet("/orders/{number:int}", (int number) => new Order(number, Size.VeryLarge)).WithName("order");
        open.MapGet("/schemes", async (IAuthenticationSchemeProvider schemes) => string.Join(' ', (await schemes.GetAllSchemesAsync()).Select(scheme => scheme.Name)));
        open.MapGet("/endpoints", (EndpointDataSource endpoints) => string.Join('\n', endpoints.Endpoints.Select(endpoint => endpoint.DisplayName)));
        open.MapHealthChecks("/health");
    }

    sealed record Order(int OrderNumber, Size Size);

    enum Size
    {
        Small,
        VeryLarge,
    }
}

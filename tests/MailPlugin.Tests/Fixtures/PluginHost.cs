using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.Abstractions;
using MailPlugin.Hosting;
using MailPlugin.TestBed;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Tests.Fixtures;

/// <summary>The whole plugin inside a small real host on a free port, with a data folder of its own and the pages of the working copy.</summary>
internal sealed class PluginHost : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly WebApplication _app;
    readonly TempFolder? _temp;

    PluginHost(WebApplication app, TempFolder? temp, string data, RecordedLog log)
    {
        (_app, _temp, Data, Log) = (app, temp, data, log);
        Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
        {
            BaseAddress = new(app.Urls.First()),
            Timeout = Patience,
        };
    }

    /// <summary>A client that follows no redirect and keeps no cookie.</summary>
    public HttpClient Client { get; }

    public string Data { get; }

    /// <summary>What reached the host's log.</summary>
    public RecordedLog Log { get; }

    public PluginRuntime Runtime => _app.Services.GetRequiredService<PluginRuntime>();

    public IServiceProvider HostServices => _app.Services;

    /// <summary>The plugin's own services.</summary>
    public IServiceProvider Services => Runtime.Services ?? throw new InvalidOperationException("The plugin has not opened its store.");

    public string AdminKeyFile => Path.Combine(Data, "admin-key.txt");

    /// <summary>The first admin key.</summary>
    public string Key { get; private set; } = "";

    /// <summary>Every route that is mapped.</summary>
    public IEnumerable<RouteEndpoint> Routes => Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    /// <param name="options">Options of the plugin, without <c>MailPlugin:</c>.</param>
    /// <param name="clock">The clock of host and plugin.</param>
    /// <param name="data">A data folder that the caller owns; null makes one.</param>
    /// <param name="services">What else the host has.</param>
    /// <param name="configure">Further sources of the host's configuration.</param>
    public static async Task<PluginHost> StartAsync(
        Dictionary<string, string?>? options = null, TimeProvider? clock = null, string? data = null, Action<IServiceCollection>? services = null, Action<ConfigurationManager>? configure = null)
    {
        var temp = new TempFolder();
        var folder = data ?? temp.Of("data");
        var log = new RecordedLog();
        try
        {
            var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = temp.Path, EnvironmentName = "Production" });
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Information).AddProvider(log);
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["MailPlugin:Data"] = folder });
            builder.Configuration.AddInMemoryCollection((options ?? []).ToDictionary(pair => $"MailPlugin:{pair.Key}", pair => pair.Value));
            configure?.Invoke(builder.Configuration);
            builder.Services.AddSingleton(clock ?? TimeProvider.System);
            services?.Invoke(builder.Services);
            new MailPluginEntry().ConfigureServices(builder.Services, new(Manifest, Repository.Root, builder.Configuration, builder.Environment));
            var app = builder.Build();
            app.Run(context => context.Response.WriteAsync("the host's own"));
            using var limit = new CancellationTokenSource(Patience);
            await app.StartAsync(limit.Token);
            var host = new PluginHost(app, temp, folder, log);
            if (File.Exists(host.AdminKeyFile))
            {
                host.Key = (await File.ReadAllTextAsync(host.AdminKeyFile, limit.Token)).Trim();
            }

            return host;
        }
        catch
        {
            temp.Dispose();
            throw;
        }
    }

    public Task<Answer> GetAsync(string path, string? key = null) => SendAsync(HttpMethod.Get, path, null, key ?? Key);

    public Task<Answer> PostAsync(string path, JsonNode body, string? key = null) => SendAsync(HttpMethod.Post, path, body, key ?? Key);

    public Task<Answer> PutAsync(string path, JsonNode body, string? etag = null) =>
        SendAsync(HttpMethod.Put, path, body, Key, request => request.Headers.TryAddWithoutValidation("If-Match", etag));

    public Task<Answer> DeleteAsync(string path, string? key = null) => SendAsync(HttpMethod.Delete, path, null, key ?? Key);

    /// <summary>Saves settings over whatever is there.</summary>
    public async Task<Answer> SaveAsync(JsonNode settings) => await PutAsync("settings", settings, (await GetAsync("settings")).ETag);

    /// <summary>A key with these scopes.</summary>
    public async Task<string> NewKeyAsync(params string[] scopes)
    {
        var answer = await PostAsync("keys", new JsonObject { ["name"] = string.Join('-', scopes), ["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create(scope))]) });
        return answer["key"] ?? throw new InvalidOperationException(answer.Text);
    }

    /// <summary>Signs in with a key.</summary>
    public async Task<SignedIn> SignInAsync(string? key = null)
    {
        var answer = await SendAsync(HttpMethod.Post, "session", new JsonObject { ["key"] = key ?? Key });
        Assert.True(answer.Status == 204, answer.Text);
        var cookie = answer.Header("Set-Cookie")!.Split(';')[0];
        var session = await SendAsync(HttpMethod.Get, "session", prepare: request => request.Headers.Add("Cookie", cookie));
        return new(cookie, session["csrfToken"]!, answer.Header("Set-Cookie")!);
    }

    /// <summary>A request to the API; <paramref name="path"/> is relative to its base path, or begins with a slash.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, JsonNode? body = null, string? key = null, Action<HttpRequestMessage>? prepare = null)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : $"/api/mail/{path}");
        if (key is not null)
        {
            request.Headers.Authorization = new("Bearer", key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        prepare?.Invoke(request);
        return await SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await Client.SendAsync(request);
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join("\n", header.Value), StringComparer.OrdinalIgnoreCase);
        return new((int)response.StatusCode, await response.Content.ReadAsStringAsync(), headers);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using (var limit = new CancellationTokenSource(Patience))
        {
            await _app.StopAsync(limit.Token);
        }

        await _app.DisposeAsync();
        _temp?.Dispose();
    }

    static PluginManifest Manifest { get; } = new()
    {
        Id = "mail",
        Name = "MailPlugin",
        Version = "0.0.0",
        Assembly = "MailPlugin.dll",
        EntryType = typeof(MailPluginEntry).FullName!,
        MinimumContract = new(1, 0),
        MaximumContract = new(1, 0),
    };
}

/// <summary>A sign-in as a browser holds it.</summary>
internal sealed record SignedIn(string Cookie, string CsrfToken, string SetCookie)
{
    public void On(HttpRequestMessage request) => request.Headers.Add("Cookie", Cookie);

    public void OnWithToken(HttpRequestMessage request)
    {
        On(request);
        request.Headers.Add("X-CSRF-Token", CsrfToken);
    }
}

/// <summary>An answer, read whole.</summary>
internal sealed record Answer(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public string? ETag => Header("ETag");

    /// <summary>The last segment of a problem's type.</summary>
    public string? Slug => MediaType == "application/problem+json" ? Json["type"]?.GetValue<string>().Split('/')[^1] : null;

    public string? MediaType => Header("Content-Type")?.Split(';')[0];

    public IReadOnlyCollection<string> ErrorPaths => Json["errors"] is JsonObject errors ? [.. errors.Select(pair => pair.Key)] : [];

    public string? this[string name] => Json[name]?.ToString();

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}

using System.Net;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Carter;
using MailPlugin.Delivery;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Pipeline;
using MailPlugin.Messages;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Submission;
using MailPlugin.Tests.Delivery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPlugin.Tests.Support;

/// <summary>The queue's routes on a real server, with callers that name their own scopes in a header.</summary>
internal sealed class ApiRig : IAsyncDisposable
{
    static readonly ICarterModule[] Modules = [new SubmissionModule(), new MessagesModule(), new DeliveryModule()];

    WebApplication _app = null!;

    public QueueRig Queue { get; private init; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public RecordedAudit Audit { get; } = new();

    public static async Task<ApiRig> StartAsync(SubmissionLimits? limits = null)
    {
        var queue = limits is null ? new QueueRig() : new QueueRig { Limits = limits };
        var rig = new ApiRig { Queue = queue };
        queue.Build(services => services.AddSingleton<IAuditLog>(rig.Audit));
        await rig.ListenAsync();
        return rig;
    }

    public async Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Response)> SendAsync(
        HttpMethod method, string path, string? json = null, string scopes = "admin", string key = "k1", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Scopes", scopes);
        request.Headers.Add("X-Key", key);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        var response = await Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.StartsWith('{') ? JsonSerializer.Deserialize<JsonElement>(text) : default, response);
    }

    public Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Response)> GetAsync(string path, string scopes = "admin", string key = "k1") => SendAsync(HttpMethod.Get, path, null, scopes, key);

    public Task<(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Response)> PostAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, json, headers: headers);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Queue.DisposeAsync();
    }

    async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
            json.SerializerOptions.Converters.Add(new TimeText.Converter());
        });
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, ScopesFromHeader>("test", null);
        var authorization = builder.Services.AddAuthorizationBuilder();
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(scope, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => context.User.Has(scope)));
        }

        authorization.AddPolicy(Scopes.Any, policy => policy.RequireAuthenticatedUser());
        Forward(builder.Services);
        _app = builder.Build();
        _app.UseMiddleware<ErrorAnswers>();
        _app.UseAuthentication();
        _app.UseAuthorization();
        foreach (var module in Modules)
        {
            module.AddRoutes(_app);
        }

        await _app.StartAsync();
        var address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Client = new HttpClient { BaseAddress = new(address) };
    }

    /// <summary>The routes run on the queue's own services.</summary>
    void Forward(IServiceCollection services)
    {
        services.AddSingleton<MailPlugin.Security.Keys.KeyRates>();
        services.AddSingleton<MailPlugin.Http.Binding.BodyRoom>();
        services.AddSingleton<TimeProvider>(Queue.Clock);
        services.AddSingleton<IAuditLog>(Audit);
        services.AddSingleton(new MessageTerms(TimeSpan.FromDays(5)));
        services.AddSingleton<MailPlugin.Settings.ISettingsSource>(Queue.Settings);
        services.AddSingleton<MailPlugin.Transports.IAccessTokens, NoTokens>();
        services.AddSingleton<MailPlugin.Diagnostics.Knowledge.RepliesInWords>();
        services.AddSingleton<MailPlugin.Transports.IAccessTokens, NoTokens>();
        services.AddSingleton<MailPlugin.Transports.Programs.ProgramPlaces>();
        services.AddSingleton<MailPlugin.Transports.Programs.ProgramRunner>();
        services.AddSingleton<MailPlugin.Transports.Php.PhpInspector>();
        Share<Submitter>();
        Share<MailPlugin.Queue.IMessageReader>();
        Share<MailPlugin.Queue.IMessageActs>();
        Share<MailPlugin.Queue.ISuppressionStore>();
        Share<MailPlugin.Queue.IStatistics>();
        Share<MailPlugin.Queue.HoldClock>();
        Share<MailPlugin.Queue.QueueSignal>();
        Share<MailPlugin.Queue.QueueGauge>();
        Share<DeliverySwitch>();
        Share<TransportLines>();
        Share<TransportResumes>();
        Share<TestMarks>();
        Share<TransportResumes>();

        void Share<T>()
            where T : class => services.AddSingleton(Queue.Get<T>());
    }

    /// <summary>No transport of these tests signs in with a token.</summary>
    sealed class NoTokens : MailPlugin.Transports.IAccessTokens
    {
        public Task<MailPlugin.Security.Secrets.Secret> GetAsync(MailPlugin.Settings.TransportSettings transport, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Refused(MailPlugin.Settings.TransportSettings transport, MailPlugin.Security.Secrets.Secret token) => throw new NotSupportedException();

        public Task<MailPlugin.Transports.AccessTokenState?> StateAsync(MailPlugin.Settings.TransportSettings transport, CancellationToken cancellationToken) =>
            Task.FromResult<MailPlugin.Transports.AccessTokenState?>(null);
    }

    sealed class ScopesFromHeader(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var claims = Request.Headers["X-Scopes"].ToString().Split(' ').Select(scope => new Claim(CallerClaims.Scope, scope))
                .Append(new(CallerClaims.Key, Request.Headers["X-Key"].ToString())).Append(new(CallerClaims.Who, "key:test"));
            return Task.FromResult(AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity(claims, "test")), "test")));
        }
    }

    internal sealed class RecordedAudit : IAuditLog
    {
        public System.Collections.Concurrent.ConcurrentQueue<(string Action, string? Target)> Entries { get; } = new();

        public Task WriteAsync(string who, string action, string? target, string? detail, CancellationToken cancellationToken)
        {
            Entries.Enqueue((action, target));
            return Task.CompletedTask;
        }

        public Task<IReadOnlyList<AuditEntry>> ListAsync(long? before, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}

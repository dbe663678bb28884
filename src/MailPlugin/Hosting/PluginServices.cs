using System.Diagnostics;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using MailPlugin.Abstractions;
using MailPlugin.Delivery;
using MailPlugin.Diagnostics.Debug;
using MailPlugin.Diagnostics.Doctor;
using MailPlugin.Diagnostics.Fixes;
using MailPlugin.Diagnostics.Health;
using MailPlugin.Diagnostics.Knowledge;
using MailPlugin.Diagnostics.Logs;
using MailPlugin.Diagnostics.Metrics;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Diagnostics.Transcripts;
using MailPlugin.Http.Binding;
using MailPlugin.Messages;
using MailPlugin.Nodes;
using MailPlugin.OAuth;
using MailPlugin.OAuth.Authorization;
using MailPlugin.OAuth.Tokens;
using MailPlugin.Options;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Security.HostSignIn;
using MailPlugin.Security.Keys;
using MailPlugin.Security.Outbound;
using MailPlugin.Security.Secrets;
using MailPlugin.Security.SignIns;
using MailPlugin.Settings;
using MailPlugin.Settings.Discovery;
using MailPlugin.Settings.FromHost;
using MailPlugin.Settings.Store;
using MailPlugin.Storage;
using MailPlugin.Storage.Postgres;
using MailPlugin.Storage.Queue;
using MailPlugin.Storage.Sqlite;
using MailPlugin.Storage.Stores;
using MailPlugin.Submission;
using MailPlugin.Templates;
using MailPlugin.Templates.Sources;
using MailPlugin.Templates.Store;
using MailPlugin.Transports;
using MailPlugin.Transports.Php;
using MailPlugin.Transports.Programs;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Hosting;

/// <summary>Puts the plugin's container together: composition root of everything but the routes.</summary>
internal static class PluginServices
{
    public static void Add(IServiceCollection services, IServiceProvider host, MailPluginOptions options, QueueOptions queueOptions, HostSettings hostSettings, DataFolder data, ILoggerFactory loggers)
    {
        AddHost(services, host, options, data, loggers);
        AddHttp(services);
        AddStorage(services, queueOptions.Store);
        AddSecurity(services, host, options, queueOptions.KeyRing, isShared: queueOptions.Store is not null);
        AddSettings(services, hostSettings);
        TemplatesSlice.Add(services, host.GetServices<IMailTemplateSource>);
        services.AddHostedService<LoadState>();
        services.AddHostedService<TemplateFolder>();
        services.AddHostedService<HostSettingsWatch>();
        services.AddHostedService<FollowChanges>();
        AddTransports(services);
        OAuthSlice.Add(services);
        AddQueue(services, queueOptions);
        AddDiagnostics(services);
    }

    /// <summary>What the plugin takes from its host; nothing else of the host's container is reached.</summary>
    static void AddHost(IServiceCollection services, IServiceProvider host, MailPluginOptions options, DataFolder data, ILoggerFactory loggers)
    {
        // Registered as instances where someone else disposes of them.
        services.AddSingleton(loggers);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton(host.GetRequiredService<IConfiguration>());
        services.AddSingleton(host.GetRequiredService<IHostEnvironment>());
        services.AddSingleton(host.GetRequiredService<IWebHostEnvironment>());
        services.AddSingleton(host.GetRequiredService<IHostApplicationLifetime>());
        services.AddSingleton(host.GetRequiredService<DiagnosticListener>());
        services.AddSingleton<DiagnosticSource>(provider => provider.GetRequiredService<DiagnosticListener>());
        services.AddSingleton(host.GetService<TimeProvider>() ?? TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(data);
    }

    static void AddHttp(IServiceCollection services)
    {
        services.AddRouting();
        services.AddSingleton<BodyRoom>();
        services.AddResponseCompression(compression => compression.EnableForHttps = true);
        services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = CompressionLevel.Optimal);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase));
            json.SerializerOptions.Converters.Add(new TimeText.Converter());
        });
    }

    static void AddStorage(IServiceCollection services, PostgresTarget? store)
    {
        if (store is null)
        {
            AddSqlite(services);
        }
        else
        {
            AddPostgres(services, store);
        }

        services.AddSingleton<ISettingsStore, SettingsStore>();
        services.AddSingleton<IApiKeyStore, ApiKeyStore>();
        services.AddSingleton<ISignInStore, SignInStore>();
        services.AddSingleton<IAuditLog, AuditLog>();
        services.AddSingleton<ITranscriptStore, TranscriptStore>();
        services.AddSingleton<ITemplateStore, TemplateStore>();
        services.AddSingleton<IDiagnosisStore, DiagnosisStore>();
        services.AddSingleton<TokenStore>();
        services.AddSingleton<ITokenStore>(provider => provider.GetRequiredService<TokenStore>());
        services.AddSingleton<IAuthorizationStore>(provider => provider.GetRequiredService<TokenStore>());
        services.AddSingleton<IUnmatchedStore, UnmatchedStore>();
    }

    static void AddSqlite(IServiceCollection services)
    {
        services.AddSingleton<IDatabase>(provider => SqliteDatabase.Open(
            provider.GetRequiredService<DataFolder>().PathOf("mail.db"), provider.GetRequiredService<ILogger<SqliteDatabase>>()));
        services.AddSingleton<INodes, SingleNode>();
        services.AddSingleton<IStoreChanges, SingleNode>();
        services.AddSingleton<INodeLock, LocalLock>();
    }

    static void AddPostgres(IServiceCollection services, PostgresTarget store)
    {
        services.AddSingleton(store);
        services.AddSingleton<IDatabase>(provider => PostgresDatabase.Open(
            store, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<PostgresDatabase>>()));
        services.AddSingleton<PostgresNode>();
        services.AddSingleton<INodes>(provider => provider.GetRequiredService<PostgresNode>());
        services.AddSingleton<IStoreChanges>(provider => provider.GetRequiredService<PostgresNode>());
        services.AddSingleton<INodeLock, PostgresLock>();

        // Before anything is read, so that no change falls between.
        services.AddHostedService<WholeStore>();
        services.AddHostedService(provider => provider.GetRequiredService<PostgresNode>());
    }

    static void AddSecurity(IServiceCollection services, IServiceProvider host, MailPluginOptions options, KeyRingOptions keyRing, bool isShared)
    {
        services.AddDataProtection().SetApplicationName("MailPlugin");

        // It would make the first key as soon as it starts, on each of several nodes one; LoadState has them do it in turn.
        foreach (var eager in services.Where(service => service.ServiceType == typeof(IHostedService) && service.ImplementationType?.Assembly == typeof(KeyManagementOptions).Assembly).ToList())
        {
            services.Remove(eager);
        }

        services.AddSingleton(keyRing);
        services.AddSingleton(provider => KeyRing(provider, keyRing.Seal, isShared));
        services.AddOptions<KeyManagementOptions>().Configure<IXmlRepository>((keys, repository) => keys.XmlRepository = repository);
        services.AddSingleton<ISecretProtector, DataProtectionProtector>();
        services.AddSingleton<BootstrapKey>();
        services.AddSingleton<FirstAdminKey>();
        services.AddSingleton<KeyRegister>();
        services.AddSingleton<KeyRates>();
        services.AddSingleton(provider => new HostPolicy(options.AdminPolicy, host, provider.GetRequiredService<IDataProtectionProvider>()));
        services.AddHostedService(provider => provider.GetRequiredService<HostPolicy>());
        services.AddSingleton<SignInDesk>();
        services.AddSingleton<SignInCookie>();
        services.AddSingleton<CallerStanding>();
        services.AddSingleton<SignInLimiter>();
        services.AddAuthentication(CallerAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, CallerAuthentication>(CallerAuthentication.SchemeName, null);
        var authorization = services.AddAuthorizationBuilder();
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(scope, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => context.User.Has(scope)));
        }

        authorization.AddPolicy(Scopes.Any, policy => policy.RequireAuthenticatedUser().RequireClaim(CallerClaims.Scope));
    }

    /// <summary>Files where there is one node, rows where others need the same keys; sealed where somebody said with what.</summary>
    static IXmlRepository KeyRing(IServiceProvider provider, KeyRingSeal? seal, bool isShared)
    {
        IXmlRepository kept = isShared ? ActivatorUtilities.CreateInstance<KeyRingStore>(provider) : ActivatorUtilities.CreateInstance<KeyRingFiles>(provider);
        return seal is null ? kept : new SealedKeyRing(kept, seal, provider.GetRequiredService<ILogger<SealedKeyRing>>());
    }

    static void AddSettings(IServiceCollection services, HostSettings host)
    {
        services.AddSingleton(host);
        services.AddSingleton<SettingsRegister>();
        services.AddSingleton<ISettingsSource>(provider => provider.GetRequiredService<SettingsRegister>());
        services.AddSingleton<NameLookup>();
        services.AddSingleton<MailDiscovery>();
    }

    static void AddTransports(IServiceCollection services)
    {
        services.AddSingleton(provider => new OutboundPolicy(provider.GetRequiredService<MailPluginOptions>().Outbound));
        services.AddSingleton<ProgramPlaces>();
        services.AddSingleton<ProgramRunner>();
        services.AddSingleton<PhpInspector>();
        services.AddSingleton<TransportFactory>();
        services.AddSingleton<ITranscriptSource>(provider => provider.GetRequiredService<DebugTranscripts>());
        services.AddSingleton<TransportDirectory>();
        services.AddSingleton<ITransportDirectory>(provider => provider.GetRequiredService<TransportDirectory>());
        services.AddHostedService(provider => provider.GetRequiredService<TransportDirectory>());
    }

    static void AddQueue(IServiceCollection services, QueueOptions options)
    {
        services.AddSingleton(options.Limits);
        services.AddSingleton(options.Delivery);
        services.AddSingleton(new MessageTerms(options.Limits.Expiry));
        services.AddSingleton(options.Retry);
        services.AddSingleton(options.Retention);
        QueueStorage.Add(services);
        MessagesSlice.Add(services);
        SubmissionSlice.Add(services);
        DeliverySlice.Add(services);
    }

    static void AddDiagnostics(IServiceCollection services)
    {
        services.AddSingleton<DebugSwitch>();
        services.AddSingleton<LogFolder>();
        services.AddSingleton<LogReader>();
        services.AddSingleton<LogListeners>();
        services.AddSingleton<DebugTranscripts>();
        services.AddHostedService<TranscriptRetention>();
        services.AddSingleton<RepliesInWords>();
        services.AddSingleton<UnmatchedReplies>();
        services.AddHostedService(provider => provider.GetRequiredService<UnmatchedReplies>());
        services.AddSingleton<TransportProbes>();
        services.AddSingleton<HealthCheck>();
        services.AddSingleton<MetricsCollector>();
        services.AddSingleton<TestGate>();
        services.AddSingleton<TestTemplate>();
        services.AddSingleton<TestRun>();
        services.AddSingleton<TestJudge>();
        services.AddSingleton<FixSearch>();
        services.AddSingleton<OpenDiagnoses>();
        services.AddSingleton<EnvironmentCheck>();
        services.AddSingleton<AddressCheck>();
        services.AddSingleton<PortsCheck>();
        services.AddSingleton<SmtpExamination>();
        services.AddSingleton<ProgramExamination>();
        services.AddSingleton<Doctor>();
    }
}

using Carter;
using MailPlugin.Abstractions;
using MailPlugin.Delivery;
using MailPlugin.Diagnostics.Debug;
using MailPlugin.Diagnostics.Doctor;
using MailPlugin.Diagnostics.Health;
using MailPlugin.Diagnostics.Knowledge;
using MailPlugin.Diagnostics.Logs;
using MailPlugin.Diagnostics.Metrics;
using MailPlugin.Diagnostics.TestMail;
using MailPlugin.Diagnostics.Transcripts;
using MailPlugin.Hosting;
using MailPlugin.Http.OpenApi;
using MailPlugin.Http.Problems;
using MailPlugin.Messages;
using MailPlugin.OAuth;
using MailPlugin.Options;
using MailPlugin.Security.Audit;
using MailPlugin.Security.Keys;
using MailPlugin.Security.SignIns;
using MailPlugin.Settings;
using MailPlugin.Settings.FromHost;
using MailPlugin.Settings.Presets;
using MailPlugin.Submission;
using MailPlugin.Templates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MailPlugin;

/// <summary>
/// The entry that the manifest names. It is a guest: the host's container learns of <see cref="IMailSubmission"/>,
/// <see cref="IMailEvents"/>, one startup filter and one hosted service; everything else lives in a container of its own. When a store is to be moved, that is all that happens.
/// </summary>
public sealed class MailPluginEntry : IHostPlugin
{
    /// <summary>Every module with routes.</summary>
    internal static IReadOnlyList<ICarterModule> Modules { get; } =
    [
        new SessionModule(),
        new KeysModule(),
        new AuditModule(),
        new SettingsModule(),
        new PresetsModule(),
        new TemplatesModule(),
        new SubmissionModule(),
        new MessagesModule(),
        new DeliveryModule(),
        new OAuthModule(),
        new TestModule(),
        new DoctorModule(),
        new DebugModule(),
        new TranscriptsModule(),
        new LogsModule(),
        new KnowledgeModule(),
        new HealthModule(),
        new MetricsModule(),
        new ProblemsModule(),
        new OpenApiModule(),
    ];

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, HostPluginContext context)
    {
        var options = MailPluginOptions.Read(context.Configuration, context.Environment.ContentRootPath);
        var queueOptions = QueueOptions.Read(options);
        var hostSettings = new HostSettings(context.Configuration, context.Environment.ContentRootPath);
        services.AddSingleton(host => new PluginRuntime(host, options, queueOptions, hostSettings, context));
        services.AddSingleton<IMailSubmission>(host => new SubmissionForHost(host.GetRequiredService<PluginRuntime>()));
        services.AddSingleton<IMailEvents>(host => host.GetRequiredService<PluginRuntime>().Events);
        if (options.MigrateFrom is null)
        {
            services.AddSingleton<IHostedService>(host => host.GetRequiredService<PluginRuntime>());
            if (options.HealthCheck)
            {
                HealthForHost.Register(services);
            }

            services.AddSingleton<IStartupFilter>(host => new MountBranches(options, host.GetRequiredService<PluginRuntime>()));
        }
        else
        {
            services.AddSingleton<IServer, NoServer>();
            services.AddSingleton<IHostedService>(host => ActivatorUtilities.CreateInstance<MoveHere>(host, options, queueOptions, host.GetService<TimeProvider>() ?? TimeProvider.System));
        }
    }
}

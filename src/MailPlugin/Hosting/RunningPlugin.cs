using MailPlugin.Abstractions;
using MailPlugin.Diagnostics.Metrics;
using MailPlugin.Http.Pipeline;
using MailPlugin.Options;
using MailPlugin.Settings.FromHost;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Hosting;

/// <summary>The plugin's container and pipelines while its store is open.</summary>
internal sealed partial class RunningPlugin : IAsyncDisposable
{
    readonly ServiceProvider _services;
    readonly ILogger _logger;
    readonly List<IHostedService> _started = [];
    Task? _stop;

    readonly Lazy<RequestDelegate> _api;
    readonly Lazy<RequestDelegate> _page;

    RunningPlugin(ServiceProvider services, Func<RequestDelegate> api, Func<RequestDelegate> page)
    {
        _services = services;
        _logger = services.GetRequiredService<ILogger<RunningPlugin>>();
        _api = new(api);
        _page = new(page);
    }

    public IServiceProvider Services => _services;

    public RequestDelegate Api => _api.Value;

    public RequestDelegate Page => _page.Value;

    /// <summary>Builds the pipelines, if no request has: the host's start does not wait for it, and the first request hardly.</summary>
    public void BuildPipelines() => _ = (_api.Value, _page.Value);

    /// <exception cref="DatabaseUnavailableException">The store cannot be opened.</exception>
    public static RunningPlugin Build(IServiceProvider host, MailPluginOptions options, QueueOptions queueOptions, HostSettings hostSettings, HostPluginContext context, DataFolder data, ILoggerFactory loggers)
    {
        var collection = new ServiceCollection();
        PluginServices.Add(collection, host, options, queueOptions, hostSettings, data, loggers);
        var services = collection.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });
        try
        {
            // Counts from the first measurement on, not from the first question.
            services.GetRequiredService<MetricsCollector>();
            var page = Path.Combine(context.Folder, "wwwroot", "mail");
            return new(services, () => ApiPipeline.Build(services, options, MailPluginEntry.Modules), () => PagePipeline.Build(services, options, page));
        }
        catch
        {
            services.Dispose();
            throw;
        }
    }

    /// <summary>Starts the background services in the order of their registration. When one fails, disposing of this stops those before it.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(cancellationToken);
            _started.Add(service);
        }
    }

    /// <summary>Stops them in reverse order, each whatever became of the others. Whoever asks again waits for the same end: a host that lost its patience disposes of what still stops.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _stop ??= StopAllAsync(cancellationToken);

    async Task StopAllAsync(CancellationToken cancellationToken)
    {
        foreach (var service in Enumerable.Reverse(_started))
        {
            try
            {
                await service.StopAsync(cancellationToken);
            }
            catch (Exception fault)
            {
                LogNotStopped(service.GetType().Name, fault);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    [LoggerMessage(EventId = 1004, Level = LogLevel.Error, Message = "{Service} did not stop in order")]
    partial void LogNotStopped(string service, Exception fault);
}

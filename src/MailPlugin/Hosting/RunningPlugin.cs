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
internal sealed class RunningPlugin : IAsyncDisposable
{
    readonly ServiceProvider _services;
    readonly List<IHostedService> _started = [];

    readonly Lazy<RequestDelegate> _api;
    readonly Lazy<RequestDelegate> _page;

    RunningPlugin(ServiceProvider services, Func<RequestDelegate> api, Func<RequestDelegate> page)
    {
        _services = services;
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

    /// <summary>Starts the background services in the order of their registration; when one fails those before it are stopped again.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var service in _services.GetServices<IHostedService>())
        {
            await service.StartAsync(cancellationToken);
            _started.Add(service);
        }
    }

    /// <summary>Stops them in reverse order.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var service in Enumerable.Reverse(_started))
        {
            await service.StopAsync(cancellationToken);
        }

        _started.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}

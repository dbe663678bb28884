using MailPlugin.Abstractions;
using MailPlugin.Diagnostics.Logs;
using MailPlugin.Http.Pipeline;
using MailPlugin.Http.Problems;
using MailPlugin.Options;
using MailPlugin.Settings.FromHost;
using MailPlugin.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Hosting;

/// <summary>
/// The plugin inside its host: opens the store, builds the container and the pipelines, starts and stops what runs in the background.
/// While the store cannot be opened the API answers 503 and says why in the log; the next try comes by itself.
/// </summary>
internal sealed partial class PluginRuntime : IHostedService, IAsyncDisposable
{
    static readonly TimeSpan RetryOpening = TimeSpan.FromSeconds(5);

    readonly IServiceProvider _host;
    readonly MailPluginOptions _options;
    readonly QueueOptions _queueOptions;
    readonly HostSettings _hostSettings;
    readonly HostPluginContext _context;
    readonly TimeProvider _clock;
    readonly CancellationTokenSource _stopping = new();

    /// <summary>The host's log until there is a folder for files.</summary>
    ILogger _logger;
    DataFolder? _data;
    ILoggerFactory? _loggers;
    string? _toldReason;
    RunningPlugin? _running;
    Task _opening = Task.CompletedTask;

    public PluginRuntime(IServiceProvider host, MailPluginOptions options, QueueOptions queueOptions, HostSettings hostSettings, HostPluginContext context)
    {
        _host = host;
        _options = options;
        _queueOptions = queueOptions;
        _hostSettings = hostSettings;
        _context = context;
        _clock = host.GetService<TimeProvider>() ?? TimeProvider.System;
        _logger = host.GetRequiredService<ILoggerFactory>().CreateLogger<PluginRuntime>();
    }

    /// <summary>The plugin's services, once the store is open.</summary>
    public IServiceProvider? Services => Volatile.Read(ref _running)?.Services;

    /// <summary>The events that the host hears of.</summary>
    public EventsForHost Events { get; } = new();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _host.GetService<IHostApplicationLifetime>()?.ApplicationStarted.Register(OnHostStarted);
        if (!await TryOpenAsync(cancellationToken))
        {
            _opening = KeepOpeningAsync();
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _opening;
        if (_running is { } running)
        {
            await running.StopAsync(cancellationToken);
        }
    }

    public Task HandleApiAsync(HttpContext context)
    {
        context.Features.Set(MountPoint.Of(context, _options));
        return Volatile.Read(ref _running) is { } running
            ? GuestScope.RunAsync(context, running.Services, running.Api)
            : Unavailable(context);
    }

    public Task HandlePageAsync(HttpContext context) =>
        Volatile.Read(ref _running) is { } running ? GuestScope.RunAsync(context, running.Services, running.Page) : Unavailable(context);

    public async ValueTask DisposeAsync()
    {
        if (_running is { } running)
        {
            await running.DisposeAsync();
        }

        _stopping.Dispose();
        _loggers?.Dispose();
    }

    /// <summary>Once the server listens: where the page is, and what its start did not have to wait for.</summary>
    void OnHostStarted()
    {
        TellAddress();
        if (Volatile.Read(ref _running) is { } running)
        {
            _ = Task.Run(running.BuildPipelines, CancellationToken.None);
        }
    }

    void TellAddress()
    {
        var addresses = _host.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses;
        var page = (_options.PublicUrl?.ToString() ?? addresses?.FirstOrDefault() ?? "").TrimEnd('/') + _options.PagePath;
        LogPage(page);
    }

    async Task<bool> TryOpenAsync(CancellationToken cancellationToken)
    {
        RunningPlugin? running = null;
        try
        {
            var (data, loggers) = OpenFolder();
            running = RunningPlugin.Build(_host, _options, _queueOptions, _hostSettings, _context, data, loggers);
            await running.StartAsync(cancellationToken);
            Volatile.Write(ref _running, running);
            Events.Attach(running.Services.GetRequiredService<IMailEvents>());
            LogReady(_context.Manifest.Version, _options.PagePath, _options.BasePath, data.Path);
            _toldReason = null;
            return true;
        }
        catch (Exception fault)
        {
            if (running is not null)
            {
                await running.DisposeAsync();
            }

            // The host stops before the plugin had started.
            cancellationToken.ThrowIfCancellationRequested();

            // A guest does not take its host down.
            Tell(fault);
            return false;
        }
    }

    /// <summary>Data folder and log files, made once. While they cannot be made the host's log is told.</summary>
    (DataFolder Data, ILoggerFactory Loggers) OpenFolder()
    {
        _data ??= new DataFolder(_options.Data);
        if (_loggers is null)
        {
            _loggers = LogFiles.CreateFactory(_host.GetRequiredService<ILoggerFactory>(), _data, _options.Logging);
            _logger = _loggers.CreateLogger<PluginRuntime>();
        }

        return (_data, _loggers);
    }

    /// <summary>Each reason once, not with every try.</summary>
    void Tell(Exception fault)
    {
        if (_toldReason != fault.Message)
        {
            _toldReason = fault.Message;
            LogUnavailable(fault.Message, fault is DatabaseUnavailableException or InvalidOptionException ? null : fault);
        }
    }

    async Task KeepOpeningAsync()
    {
        try
        {
            do
            {
                await Task.Delay(RetryOpening, _clock, _stopping.Token);
            }
            while (!await TryOpenAsync(_stopping.Token));
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host stops before the store came back.
        }
    }

    /// <summary>Health is the word that monitors ask for; everything else is told to come back.</summary>
    static Task Unavailable(HttpContext context)
    {
        ApiHeaders.Set(context.Response.Headers);
        if (context.Request.Path == "/health")
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsJsonAsync(new { status = "unhealthy" }, context.RequestAborted);
        }

        return Problem.QueueUnavailable().ExecuteAsync(context);
    }

    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "MailPlugin {Version} is ready: page at {Page}, API at {Api}, data in {Data}")]
    partial void LogReady(string version, string page, string api, string data);

    [LoggerMessage(EventId = 1003, Level = LogLevel.Information, Message = "The mail page is at {Address}")]
    partial void LogPage(string address);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Critical, Message = "MailPlugin cannot start and answers 503 until it can: {Reason}")]
    partial void LogUnavailable(string reason, Exception? fault);
}

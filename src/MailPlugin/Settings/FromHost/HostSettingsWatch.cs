using MailPlugin.Settings.Store;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace MailPlugin.Settings.FromHost;

/// <summary>
/// Reads the host's settings again when the configuration says that it changed, and every few seconds: files of secrets are exchanged
/// by links in ways that no watcher sees everywhere. A fault is told once and the settings in force stay.
/// </summary>
internal sealed partial class HostSettingsWatch(HostSettings host, SettingsRegister register, IConfiguration configuration, TimeProvider clock, ILogger<HostSettingsWatch> logger)
    : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    string? _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changed = new SemaphoreSlim(0);
        using var registration = ChangeToken.OnChange(configuration.GetReloadToken, () => changed.Release());
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(changed, stoppingToken);
                LookAgain();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                LogFailed(fault);
            }
        }
    }

    async Task WaitAsync(SemaphoreSlim changed, CancellationToken stoppingToken)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(Task.Delay(Interval, clock, pause.Token), changed.WaitAsync(pause.Token));
        await pause.CancelAsync();
        stoppingToken.ThrowIfCancellationRequested();
    }

    void LookAgain()
    {
        if (host.Refresh())
        {
            register.AdoptHost();
            LogChanged(host.Current.Values.Count);
        }

        if (host.Fault != _told)
        {
            _told = host.Fault;
            if (_told is null)
            {
                LogMended();
            }
            else
            {
                LogFault(_told);
            }
        }
    }

    [LoggerMessage(EventId = 1220, Level = LogLevel.Information, Message = "Settings from the host's configuration changed and are in force: {Count} values")]
    partial void LogChanged(int count);

    [LoggerMessage(EventId = 1221, Level = LogLevel.Error, Message = "Settings from the host's configuration are wrong, those before stay in force: {Fault}")]
    partial void LogFault(string fault);

    [LoggerMessage(EventId = 1222, Level = LogLevel.Information, Message = "Settings from the host's configuration are sound again")]
    partial void LogMended();

    [LoggerMessage(EventId = 1223, Level = LogLevel.Error, Message = "Settings from the host's configuration could not be looked at")]
    partial void LogFailed(Exception fault);
}

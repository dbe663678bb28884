using System.Threading.Channels;
using MailPlugin.Delivery;
using MailPlugin.Diagnostics.Debug;
using MailPlugin.Nodes;
using MailPlugin.Queue;
using MailPlugin.Security.Keys;
using MailPlugin.Settings.Store;
using MailPlugin.Templates.Catalog;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Hosting;

/// <summary>Reads again what the plugin keeps in memory when a node has changed it. What cannot be read is tried again until it can.</summary>
internal sealed partial class FollowChanges(
    IStoreChanges changes, QueueSignal signal, SettingsRegister settings, TemplateRegister templates, KeyRegister keys, DebugSwitch debug, DeliverySwitch delivery, HoldClock holds, TestMarks tests, TransportResumes resumes,
    TimeProvider clock, ILogger<FollowChanges> logger) : BackgroundService
{
    static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    readonly Channel<string> _topics = Channel.CreateUnbounded<string>();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        changes.Changed += OnChanged;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        changes.Changed -= OnChanged;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var topic in _topics.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await FollowAsync(topic, stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotFollowed(topic, fault);
                await Task.Delay(Again, clock, stoppingToken);
                _topics.Writer.TryWrite(topic);
            }
        }
    }

    void OnChanged(string topic)
    {
        if (topic == Topic.Queue)
        {
            signal.Raise();
        }
        else
        {
            _topics.Writer.TryWrite(topic);
        }
    }

    Task FollowAsync(string topic, CancellationToken cancellationToken) => topic switch
    {
        Topic.Settings => settings.LoadAsync(cancellationToken),
        Topic.Templates => templates.LoadAsync(cancellationToken),
        Topic.Keys => keys.LoadAsync(cancellationToken),
        Topic.Debug => debug.LoadAsync(cancellationToken),
        Topic.Delivery => Task.WhenAll(delivery.LoadAsync(cancellationToken), holds.LoadAsync(cancellationToken)),
        Topic.Test => tests.LoadAsync(cancellationToken),
        Topic.Resume => resumes.FollowAsync(cancellationToken),
        _ => Task.CompletedTask,
    };

    [LoggerMessage(EventId = 1530, Level = LogLevel.Warning, Message = "A change of {Topic} could not be read; it is tried again")]
    partial void LogNotFollowed(string topic, Exception fault);
}

using MailPlugin.Abstractions;
using MailPlugin.Nodes;
using MailPlugin.Queue;
using MailPlugin.Transports.Finishing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>The queue's shared parts and the worker. Needs <see cref="Transports.ITransportDirectory"/> and the stores.</summary>
internal static class DeliverySlice
{
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton(new RetryOptions());
        services.TryAddSingleton(new DeliveryOptions());
        services.TryAddSingleton(new RetentionOptions());
        services.TryAddSingleton<INodes, SingleNode>();
        services.AddSingleton<QueueSignal>();
        services.AddSingleton<QueueGauge>();
        services.AddSingleton<StoreWatch>();
        services.AddSingleton<TestMarks>();
        services.AddSingleton<HoldClock>();
        services.AddSingleton(provider => new MailEvents(new EventTrouble(provider.GetRequiredService<ILogger<MailEvents>>()).Tell));
        services.AddSingleton<IMailEvents>(provider => provider.GetRequiredService<MailEvents>());
#pragma warning disable RS0030 // The one place where chance comes in.
        services.AddSingleton(provider => new RetrySchedule(provider.GetRequiredService<RetryOptions>(), Random.Shared.NextDouble));
#pragma warning restore RS0030
        services.AddSingleton<DkimKeys>();
        services.AddSingleton<MessageFinishing>();
        services.AddSingleton<MessagePreparation>();
        services.AddSingleton<TransportLines>();
        services.AddSingleton<TransportResumes>();
        services.AddSingleton<DeliverySwitch>();
        services.AddSingleton<DeliveryReport>();
        services.AddSingleton<RefusalAudit>();
        services.AddSingleton<InFlight>();
        services.AddSingleton(provider => new ContentBudget(provider.GetRequiredService<DeliveryOptions>().ContentBytes));
        services.AddSingleton<OutcomeRecorder>();
        services.AddSingleton<QueueOutage>();
        services.AddSingleton<QueueClaims>();
        services.AddSingleton<DeliveryDesk>();
        services.AddSingleton<SingleSend>();
        services.AddSingleton<DeliveryWorker>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<DeliveryWorker>());
        services.AddSingleton<QueueInstruments>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<QueueInstruments>());
        services.AddSingleton<QueueMaintenance>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<QueueMaintenance>());
    }
}

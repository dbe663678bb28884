using MailPlugin.Queue;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Storage.Queue;

/// <summary>The queue's stores over the one database.</summary>
internal static class QueueStorage
{
    public static IServiceCollection Add(IServiceCollection services) => services
        .AddSingleton<IOutbox, OutboxStore>()
        .AddSingleton<IDeliveryQueue, DeliveryStore>()
        .AddSingleton<IMessageReader, MessageReader>()
        .AddSingleton<ISuppressionStore, SuppressionStore>()
        .AddSingleton<IQueueState, QueueState>()
        .AddSingleton<IMessageActs, MessageActs>()
        .AddSingleton<IStatistics, Statistics>()
        .AddSingleton<IQueueRetention, QueueRetention>();
}

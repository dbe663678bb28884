using MailPlugin.Nodes;
using MailPlugin.Queue;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>
/// Keeps the queue small: lets go of what is old, ends what nobody claims, gives pages back to the disk. In steps so small that the writer has room for mail between them. Of several nodes the first
/// does it; when it dies the next one is the first.
/// </summary>
internal sealed partial class QueueMaintenance(
    IQueueRetention retention, IMessageActs acts, HoldClock holds, DeliveryReport report, RetentionOptions options, INodes nodes, INodeLock locks, TimeProvider clock,
    ILogger<QueueMaintenance> logger) : BackgroundService
{
    const int Step = 200;
    static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>A host that starts has more urgent things to do.</summary>
    static readonly TimeSpan FirstAfter = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(20);

    /// <summary>What is younger stays even when the disk is short: someone may be looking at it.</summary>
    static readonly TimeSpan Youngest = TimeSpan.FromHours(1);

    /// <summary>After that another node may do it, too: what a pass does may be done twice.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>One pass, if it is this node's and nobody is at it.</summary>
    public async Task RunInTurnAsync(CancellationToken cancellationToken)
    {
        if (nodes.Rank > 0)
        {
            return;
        }

        await using var alone = await locks.TryTakeAsync("maintenance", Longest, cancellationToken);
        if (alone is not null)
        {
            await RunOnceAsync(cancellationToken);
        }
    }

    /// <summary>One pass.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await ExpireAsync(now, cancellationToken);
        await retention.TidyAsync(now, cancellationToken);
        await RepeatAsync(() => retention.DropContentsAsync(now - options.Bodies, Step, cancellationToken), cancellationToken);
        await RepeatAsync(() => retention.DropMessagesAsync(now - options.Messages, Step, cancellationToken), cancellationToken);
        await KeepSmallAsync(now, cancellationToken);
        while (await retention.ShrinkAsync(cancellationToken))
        {
            await Task.Delay(Breath, cancellationToken);
        }

        await retention.SweepAsync(cancellationToken);
    }

    async Task ExpireAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        long? after = 0;
        while (after is { } position)
        {
            (after, var expired) = await acts.ExpireAsync(message => holds.Effective(message.ExpiresAt, message.HeldBase, message.Transport, now) <= now, position, now, cancellationToken);
            foreach (var message in expired)
            {
                report.Expired(message);
            }
        }
    }

    /// <summary>Over its size, the oldest goes first: contents, then rows.</summary>
    async Task KeepSmallAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (bytes, messages) = await retention.MeasureAsync(cancellationToken);
            var dropped = bytes > options.Bytes ? await retention.DropContentsAsync(now - Youngest, Step, cancellationToken) : 0;
            dropped += messages > options.Count ? await retention.DropMessagesAsync(now - Youngest, Step, cancellationToken) : 0;
            if (dropped == 0)
            {
                return;
            }

            LogOverSize(dropped);
            await Task.Delay(Breath, cancellationToken);
        }
    }

    static async Task RepeatAsync(Func<Task<int>> step, CancellationToken cancellationToken)
    {
        while (await step() >= Step)
        {
            await Task.Delay(Breath, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var wait = FirstAfter; ; wait = Every)
        {
            try
            {
                await Task.Delay(wait, clock, stoppingToken);
                await RunInTurnAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(fault);
            }
        }
    }

    [LoggerMessage(EventId = 2050, Level = LogLevel.Warning, Message = "The database is over its size: {Count} old items went early")]
    partial void LogOverSize(int count);

    [LoggerMessage(EventId = 2051, Level = LogLevel.Error, Message = "Keeping the queue tidy failed; the next pass follows")]
    partial void LogFailed(Exception fault);
}

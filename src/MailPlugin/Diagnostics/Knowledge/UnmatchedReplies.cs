using System.Threading.Channels;
using MailPlugin.Abstractions;
using MailPlugin.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Knowledge;

/// <summary>
/// Counts refusals that no entry knows, so that the next edition can know them. It stands beside the sending path: what comes faster than it can be written is dropped, a
/// store that fails costs counts and nothing else.
/// </summary>
internal sealed partial class UnmatchedReplies(
    IUnmatchedStore store, IMailEvents events, ISettingsSource settings, TimeProvider clock, ILogger<UnmatchedReplies> logger) : BackgroundService
{
    /// <summary>Kinds that are kept.</summary>
    public const int Most = 500;
    const int MaxWaiting = 1_000;
    static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    readonly Channel<Refusal> _waiting =
        Channel.CreateBounded<Refusal>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = events.Subscribe(Hear);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                await WriteAsync();
                await Task.Delay(Pace, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await WriteAsync();
        }
    }

    ValueTask Hear(MailEvent what, CancellationToken cancellationToken)
    {
        if (what is { Kind: MailEventKind.Deferred or MailEventKind.Failed, Reply: { } reply, Transport: { } transport })
        {
            var seen = Observation.Of(reply, settings.Current.Settings.Transport(transport)?.Smtp?.Host);
            if (seen.Code >= 400 && KnowledgeBase.Shipped.Find(seen) is null)
            {
                _waiting.Writer.TryWrite(new(reply, what.Recipient, transport, what.Id));
            }
        }

        return ValueTask.CompletedTask;
    }

    async Task WriteAsync()
    {
        var now = clock.GetUtcNow();
        var counts = new Dictionary<string, UnmatchedReply>(StringComparer.Ordinal);
        while (_waiting.Reader.TryRead(out var refusal))
        {
            var shape = ReplyShape.Of(refusal.Reply, refusal.Recipient);
            counts[shape] = new(ReplyShape.IdOf(shape), shape, (counts.GetValueOrDefault(shape)?.Count ?? 0) + 1, now, now, refusal.Transport, refusal.Message);
        }

        try
        {
            if (counts.Count > 0)
            {
                await store.AddAsync([.. counts.Values], Most, CancellationToken.None);
            }
        }
        catch (Exception fault)
        {
            LogNotCounted(counts.Count, fault);
        }
    }

    readonly record struct Refusal(string Reply, string Recipient, string Transport, string Message);

    [LoggerMessage(EventId = 1350, Level = LogLevel.Warning, Message = "{Count} kinds of replies that nobody knows could not be counted")]
    partial void LogNotCounted(int count, Exception fault);
}

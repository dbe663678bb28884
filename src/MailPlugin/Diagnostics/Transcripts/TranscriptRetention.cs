using MailPlugin.Options;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Transcripts;

/// <summary>Removes transcripts by age and size, in small steps. One failed round is logged; the next comes all the same.</summary>
internal sealed partial class TranscriptRetention(ITranscriptStore store, MailPluginOptions options, TimeProvider clock, ILogger<TranscriptRetention> logger)
    : BackgroundService
{
    static readonly TimeSpan Every = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TrimAsync(stoppingToken);
        }
    }

    async Task TrimAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await store.TrimAsync(clock.GetUtcNow() - options.Transcripts.Age, options.Transcripts.Bytes, cancellationToken) > 0)
            {
                // Between steps others write.
            }
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(fault);
        }
    }

    [LoggerMessage(EventId = 1303, Level = LogLevel.Warning, Message = "Old transcripts could not be removed")]
    partial void LogFailed(Exception fault);
}

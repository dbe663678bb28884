using System.Threading.Channels;
using MailPlugin.Queue;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>
/// Writes outcomes, those of many messages in one commit: whatever has gathered while the last commit went to disk, at most 64. An outcome that cannot be written is kept and
/// tried until it can: it is the only proof that a relay has the message.
/// </summary>
internal sealed partial class OutcomeRecorder : IAsyncDisposable
{
    const int MaxBatch = 64;
    static readonly TimeSpan RetryWriting = TimeSpan.FromSeconds(1);

    readonly IDeliveryQueue _queue;
    readonly StoreWatch _watch;
    readonly TimeProvider _clock;
    readonly ILogger<OutcomeRecorder> _logger;
    readonly Channel<Entry> _waiting = Channel.CreateUnbounded<Entry>(new UnboundedChannelOptions { SingleReader = true });
    readonly CancellationTokenSource _giveUp = new();
    readonly Task _loop;

    public OutcomeRecorder(IDeliveryQueue queue, StoreWatch watch, TimeProvider clock, ILogger<OutcomeRecorder> logger)
    {
        _queue = queue;
        _watch = watch;
        _clock = clock;
        _logger = logger;
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Takes an outcome; <paramref name="written"/> runs when it is on disk, with the message's status, or null when the lease was lost.</summary>
    public void Add(MessageOutcome outcome, Action<MessageStatus?> written) => _waiting.Writer.TryWrite(new(outcome, written));

    /// <summary>Writes what waits, for as long as the token allows.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        await using (cancellationToken.Register(_giveUp.Cancel))
        {
            await _loop;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _giveUp.CancelAsync();
        await _loop;
        _giveUp.Dispose();
    }

    async Task RunAsync()
    {
        var batch = new List<Entry>(MaxBatch);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            await WriteAsync(batch);
            batch.Clear();
        }
    }

    async Task WriteAsync(List<Entry> batch)
    {
        while (true)
        {
            try
            {
                var statuses = await _queue.RecordAsync([.. batch.Select(entry => entry.Outcome)], CancellationToken.None);
                _watch.Succeeded(0);
                Tell(batch, statuses);
                return;
            }
            catch (DatabaseUnavailableException fault)
            {
                _watch.Failed(0, fault.Message);
                LogNotWritten(_logger, batch.Count, fault.Message);
            }
            catch (Exception fault) when (batch.Count > 1)
            {
                // One of them is bad: alone, the others get through.
                LogAlone(_logger, batch.Count, fault);
                foreach (var entry in batch)
                {
                    await WriteAsync([entry]);
                }

                return;
            }
            catch (Exception fault)
            {
                LogLost(_logger, batch[0].Outcome.Key, fault);
                Tell(batch, [null]);
                return;
            }

            try
            {
                await Task.Delay(RetryWriting, _clock, _giveUp.Token);
            }
            catch (OperationCanceledException)
            {
                Tell(batch, [.. batch.Select(_ => (MessageStatus?)null)]);
                return;
            }
        }
    }

    void Tell(List<Entry> batch, IReadOnlyList<MessageStatus?> statuses)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (statuses[i] is null)
            {
                LogFenced(_logger, batch[i].Outcome.Key);
            }

            try
            {
                batch[i].Written(statuses[i]);
            }
            catch (Exception fault)
            {
                LogTellFailed(_logger, batch[i].Outcome.Key, fault);
            }
        }
    }

    sealed record Entry(MessageOutcome Outcome, Action<MessageStatus?> Written);

    [LoggerMessage(EventId = 2020, Level = LogLevel.Error, Message = "{Count} outcomes cannot be written and are kept: {Reason}")]
    static partial void LogNotWritten(ILogger logger, int count, string reason);

    [LoggerMessage(EventId = 2021, Level = LogLevel.Error, Message = "{Count} outcomes could not be written together; each is tried alone")]
    static partial void LogAlone(ILogger logger, int count, Exception fault);

    [LoggerMessage(EventId = 2022, Level = LogLevel.Critical, Message = "The outcome of message {Key} cannot be written; it is sent again when its lease ends")]
    static partial void LogLost(ILogger logger, long key, Exception fault);

    [LoggerMessage(EventId = 2023, Level = LogLevel.Warning, Message = "The outcome of message {Key} was not written: its lease was no longer held, or the host stopped")]
    static partial void LogFenced(ILogger logger, long key);

    [LoggerMessage(EventId = 2024, Level = LogLevel.Error, Message = "What follows the outcome of message {Key} failed")]
    static partial void LogTellFailed(ILogger logger, long key, Exception fault);
}

using System.Threading.Channels;
using MailPlugin.Queue;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>
/// Writes outcomes, those of many messages in one commit: whatever has gathered while the last commit went to disk, at most 64. An outcome that cannot be written is kept and
/// tried until it can: it is the only proof that a relay has the message. One that fails where others get through (a page of the database is damaged) is set aside, so that it holds up nobody: its
/// message stays leased, because to send it again would be worse, and it is tried once a minute and at the stop.
/// </summary>
internal sealed partial class OutcomeRecorder : IAsyncDisposable
{
    const int MaxBatch = 64;

    /// <summary>After so many failures each is tried alone, and once more whenever so many have followed: most often it is the whole store.</summary>
    const int TriesTogether = 5;
    const int TriesBetween = 60;
    static readonly TimeSpan RetryWriting = TimeSpan.FromSeconds(1);
    static readonly TimeSpan RetryAside = TimeSpan.FromMinutes(1);

    readonly IDeliveryQueue _queue;
    readonly StoreWatch _watch;
    readonly TimeSpan _gather;
    readonly TimeProvider _clock;
    readonly ILogger<OutcomeRecorder> _logger;
    readonly Channel<Entry> _waiting = Channel.CreateUnbounded<Entry>();
    readonly CancellationTokenSource _giveUp = new();
    readonly CancellationTokenSource _completing = new();
    readonly List<Entry> _aside = [];
    readonly Task _loop;
    long _asideTriedAt;

    public OutcomeRecorder(IDeliveryQueue queue, StoreWatch watch, DeliveryOptions options, TimeProvider clock, ILogger<OutcomeRecorder> logger)
    {
        _queue = queue;
        _watch = watch;
        _gather = options.Gather;
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
        await _completing.CancelAsync();
        await using (cancellationToken.Register(_giveUp.Cancel))
        {
            await _loop;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _completing.CancelAsync();
        await _giveUp.CancelAsync();
        await _loop;
        _giveUp.Dispose();
        _completing.Dispose();
    }

    async Task RunAsync()
    {
        var batch = new List<Entry>(MaxBatch);
        var failures = 0;
        while (batch.Count > 0 || await _waiting.Reader.WaitToReadAsync())
        {
            if (batch.Count == 0 && _gather > TimeSpan.Zero && _waiting.Reader.Count < MaxBatch)
            {
                await Task.Delay(_gather, _clock, _completing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            // Also while a write fails: what came meanwhile shows whether it is the store or the outcome.
            while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var entry))
            {
                (IsAside(entry) ? _aside : batch).Add(entry);
            }

            if (batch.Count == 0)
            {
                continue;
            }

            if (await TryWriteAsync(batch))
            {
                batch.Clear();
                failures = 0;
                if (_aside.Count > 0 && _clock.GetElapsedTime(_asideTriedAt) >= RetryAside)
                {
                    await TryAsideAsync();
                }

                continue;
            }

            failures++;
            if (batch.Count > 1 && failures % TriesBetween == TriesTogether)
            {
                var left = await WriteAloneAsync(batch);
                failures = left.Count < batch.Count ? 0 : failures;
                batch = left;
            }

            if (batch.Count > 0 && !await WaitAsync())
            {
                Lose(batch);
                batch.Clear();
            }
        }

        await TryAsideAsync();
        Lose(_aside);
    }

    /// <returns>False: the store cannot be written. Whatever else is wrong with an outcome is told of it.</returns>
    async Task<bool> TryWriteAsync(List<Entry> batch)
    {
        try
        {
            var statuses = await _queue.RecordAsync([.. batch.Select(entry => entry.Outcome)], CancellationToken.None);
            _watch.Succeeded(0);
            Tell(batch, statuses);
            return true;
        }
        catch (DatabaseUnavailableException fault)
        {
            _watch.Failed(0, fault.Message);
            LogNotWritten(_logger, batch.Count, fault.Message);
            return false;
        }
        catch (Exception fault) when (batch.Count > 1)
        {
            // One of them is bad: alone, the others get through.
            LogAlone(_logger, batch.Count, fault);
            var left = await WriteAloneAsync(batch);
            batch.Clear();
            batch.AddRange(left);
            return left.Count == 0;
        }
        catch (Exception fault)
        {
            LogLost(_logger, batch[0].Outcome.Key, fault);
            Tell(batch, [null]);
            return true;
        }
    }

    /// <summary>What fails, and fails again after one behind it got through, is set aside.</summary>
    /// <returns>Those to try again: nothing got through behind them, so that it may be the store, which has become full or has come back in the middle.</returns>
    async Task<List<Entry>> WriteAloneAsync(List<Entry> batch)
    {
        var failed = await PassAsync(batch);
        var last = batch.FindLastIndex(entry => !failed.Contains(entry));
        var left = failed.FindAll(entry => batch.IndexOf(entry) > last);
        failed = await PassAsync(failed.FindAll(entry => batch.IndexOf(entry) < last));
        if (_giveUp.IsCancellationRequested)
        {
            return [.. failed, .. left];
        }

        foreach (var entry in failed)
        {
            _watch.Damaged($"the outcome of message {entry.Outcome.Key} cannot be written, others can");
            LogSetAside(_logger, entry.Outcome.Key);
            _aside.Add(entry);
        }

        if (failed.Count > 0)
        {
            _asideTriedAt = _clock.GetTimestamp();
            var behind = left.FindAll(IsAside);
            _aside.AddRange(behind);
            left.RemoveAll(behind.Contains);
        }

        return left;
    }

    /// <summary>Each alone; none behind one of the same message that failed, and none when the time for writing is over.</summary>
    /// <returns>Those that are not written.</returns>
    async Task<List<Entry>> PassAsync(List<Entry> entries)
    {
        var failed = new List<Entry>();
        foreach (var entry in entries)
        {
            if (_giveUp.IsCancellationRequested || failed.Exists(before => before.Outcome.Key == entry.Outcome.Key) || !await TryWriteAsync([entry]))
            {
                failed.Add(entry);
            }
        }

        return failed;
    }

    /// <summary>The disk may have room again.</summary>
    async Task TryAsideAsync()
    {
        if (_aside.Count == 0)
        {
            return;
        }

        var failed = await PassAsync([.. _aside]);
        _asideTriedAt = _clock.GetTimestamp();
        _aside.Clear();
        _aside.AddRange(failed);
        if (failed.Count == 0)
        {
            _watch.Mended();
        }
    }

    /// <summary>What follows of a message must not be written without what went before.</summary>
    bool IsAside(Entry entry) => _aside.Exists(before => before.Outcome.Key == entry.Outcome.Key);

    /// <returns>False: the time for writing is over.</returns>
    async Task<bool> WaitAsync()
    {
        try
        {
            await Task.Delay(RetryWriting, _clock, _giveUp.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    void Lose(List<Entry> batch) => Tell(batch, [.. batch.Select(_ => (MessageStatus?)null)]);

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

    sealed class Entry(MessageOutcome outcome, Action<MessageStatus?> written)
    {
        public MessageOutcome Outcome => outcome;

        public Action<MessageStatus?> Written => written;
    }

    [LoggerMessage(EventId = 2020, Level = LogLevel.Error, Message = "{Count} outcomes cannot be written and are kept: {Reason}")]
    static partial void LogNotWritten(ILogger logger, int count, string reason);

    [LoggerMessage(EventId = 2021, Level = LogLevel.Error, Message = "{Count} outcomes could not be written together; each is tried alone")]
    static partial void LogAlone(ILogger logger, int count, Exception fault);

    [LoggerMessage(EventId = 2022, Level = LogLevel.Critical, Message = "The outcome of message {Key} cannot be written; it is sent again when its lease ends")]
    static partial void LogLost(ILogger logger, long key, Exception fault);

    [LoggerMessage(EventId = 2025, Level = LogLevel.Critical, Message = "The outcome of message {Key} cannot be written while others can: the database is damaged there. Until that is mended, or the next start, the message is neither sent again nor listed as sent")]
    static partial void LogSetAside(ILogger logger, long key);

    [LoggerMessage(EventId = 2023, Level = LogLevel.Warning, Message = "The outcome of message {Key} was not written: its lease was no longer held, or the host stopped")]
    static partial void LogFenced(ILogger logger, long key);

    [LoggerMessage(EventId = 2024, Level = LogLevel.Error, Message = "What follows the outcome of message {Key} failed")]
    static partial void LogTellFailed(ILogger logger, long key, Exception fault);
}

using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MailPlugin.Transports;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>
/// The messages that wait for one transport, and the sessions that serve them: as many as the settings allow and the waiting messages need, each taking the next message when
/// it has room for one. A line never fails: whatever a session does, each of its messages is handed on with an outcome.
/// </summary>
internal sealed partial class TransportLine
{
    /// <summary>How long an idle session waits for another message before it is given back.</summary>
    static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(20);

    readonly ITransportDirectory _directory;
    readonly MessagePreparation _preparation;
    readonly ContentBudget _contents;
    readonly Func<DeliveryJob, TransportLine, TransportOutcome, ValueTask> _done;
    readonly TimeProvider _clock;
    readonly ILogger _logger;
    readonly CancellationToken _abort;
    readonly Channel<DeliveryJob> _waiting = Channel.CreateUnbounded<DeliveryJob>();
    readonly Lock _lock = new();
    readonly HashSet<Task> _sessions = [];

    int _inHand;
    TransportCapacity _capacity = new(1, 1, null);
    RateGate? _rate;

    public TransportLine(
        string transport, ITransportDirectory directory, MessagePreparation preparation, ContentBudget contents, Func<DeliveryJob, TransportLine, TransportOutcome, ValueTask> done,
        TimeProvider clock, ILogger logger, CancellationToken abort)
    {
        Transport = transport;
        _directory = directory;
        _preparation = preparation;
        _contents = contents;
        _done = done;
        _clock = clock;
        _logger = logger;
        _abort = abort;
        Health = new(clock);
    }

    /// <summary>Id of the transport.</summary>
    public string Transport { get; }

    public TransportHealth Health { get; }

    public int Sessions
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>How many more messages it can be given now.</summary>
    public int Room
    {
        get
        {
            var capacity = _capacity;
            var room = (capacity.Sessions * capacity.InHand) - Volatile.Read(ref _inHand);
            if (_rate is { } rate)
            {
                room = Math.Min(room, rate.Available - _waiting.Reader.Count);
            }

            return Health.Access switch
            {
                TransportAccess.Open => Math.Max(room, 0),
                TransportAccess.Probe => 1,
                _ => 0,
            };
        }
    }

    /// <summary>Whether it is held back by its rate alone.</summary>
    public bool WaitsForRate => _rate is { Available: 0 };

    /// <summary>Whether this node has sessions of this transport. One that has none leaves its messages to the others.</summary>
    public bool HasSessions => _capacity.Sessions > 0;

    /// <summary>Takes over what this node may have of the sessions and the rate that the settings allow.</summary>
    public void Adopt(TransportCapacity capacity)
    {
        _capacity = capacity;
        if (_rate?.PerMinute != capacity.RatePerMinute)
        {
            _rate = capacity.RatePerMinute is { } rate ? new RateGate(rate, _clock) : null;
        }
    }

    public void Offer(DeliveryJob job)
    {
        Interlocked.Increment(ref _inHand);
        _waiting.Writer.TryWrite(job);
        lock (_lock)
        {
            // What came by failover is sent even without a share.
            if (_sessions.Count < Math.Max(1, _capacity.Sessions))
            {
                var session = Task.Run(ServeAsync, CancellationToken.None);
                _sessions.Add(session);
                session.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
    }

    /// <summary>Takes back what no session has begun with.</summary>
    public IEnumerable<DeliveryJob> TakeBack()
    {
        while (_waiting.Reader.TryRead(out var job))
        {
            Interlocked.Decrement(ref _inHand);
            yield return job;
        }
    }

    /// <summary>Completes when every session has ended.</summary>
    public Task DrainAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_sessions);
        }
    }

    void Ended(Task session)
    {
        lock (_lock)
        {
            _sessions.Remove(session);
        }

        // A message may have come between the session's last look and its end.
        if (_waiting.Reader.TryRead(out var job))
        {
            Interlocked.Decrement(ref _inHand);
            Offer(job);
        }
    }

    async Task ServeAsync()
    {
        while (_waiting.Reader.Count > 0)
        {
            if (_abort.IsCancellationRequested)
            {
                // What had to wait for room came back here after the rest was taken back.
                foreach (var job in TakeBack())
                {
                    await GiveUpAsync(job, new(TransportStage.Connect, TransportFaultKind.Canceled, "the host stops"));
                }

                return;
            }

            var underWay = new HashSet<DeliveryJob>();
            var why = "the transport ended without an outcome";
            try
            {
                using var loan = _directory.Borrow(Transport);
                if (loan is null)
                {
                    foreach (var job in TakeBack())
                    {
                        await GiveUpAsync(job, new(TransportStage.Connect, TransportFaultKind.Unreachable, "the settings no longer have this transport"));
                    }

                    return;
                }

                await foreach (var outcome in loan.Transport.SendAsync(Feed(loan, underWay, _abort), _abort))
                {
                    var job = (DeliveryJob)outcome.Message.State!;
                    lock (underWay)
                    {
                        underWay.Remove(job);
                    }

                    Interlocked.Decrement(ref _inHand);
                    LetGoOfContent(job);
                    await _done(job, this, outcome);
                }
            }
            catch (Exception fault)
            {
                // A transport promises outcomes instead of exceptions. One that breaks its word must not take the line down.
                why = fault.Message;
                LogBroken(_logger, Transport, fault);
            }

            foreach (var job in underWay)
            {
                await GiveUpAsync(job, new(TransportStage.Content, _abort.IsCancellationRequested ? TransportFaultKind.Canceled : TransportFaultKind.ProtocolViolation, why), decrement: true);
            }
        }
    }

    async IAsyncEnumerable<OutgoingMessage> Feed(TransportLoan loan, HashSet<DeliveryJob> underWay, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await NextAsync(loan.Replaced, cancellationToken) is { } job)
        {
            OutgoingMessage? message = null;
            TransportFault? problem = null;
            var rate = _rate;
            var hasPlace = false;
            try
            {
                if (!_contents.TryTake(job.Message.Size))
                {
                    if (IsBusy(underWay))
                    {
                        // What is under way here holds some of it: first its outcomes, then this one.
                        _waiting.Writer.TryWrite(job);
                        yield break;
                    }

                    await _contents.TakeAsync(job.Message.Size, cancellationToken);
                }

                job.HoldsContent = true;
                for (var wait = rate?.Take() ?? TimeSpan.Zero; wait > TimeSpan.Zero; wait = rate!.Take())
                {
                    await Task.Delay(wait, _clock, cancellationToken);
                }

                hasPlace = true;
                if (loan.Replaced.IsCancellationRequested)
                {
                    // It goes by the new settings, however long it waited here.
                    rate?.GiveBack();
                    LetGoOfContent(job);
                    _waiting.Writer.TryWrite(job);
                    yield break;
                }

                message = await _preparation.PrepareAsync(job, loan.Settings, cancellationToken);
                problem = message is null ? new(TransportStage.Mail, TransportFaultKind.NotPrepared, "the content is gone") : null;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                await GiveUpAsync(job, new(TransportStage.Connect, TransportFaultKind.Canceled, "the host stops"), decrement: true);
                yield break;
            }
            catch (DatabaseUnavailableException fault)
            {
                LogNotRead(_logger, job.Message.Id, fault.Message);
                problem = new(TransportStage.Mail, TransportFaultKind.StoreUnavailable, "the content cannot be read now");
            }
            catch (Exception fault)
            {
                // One bad message: the others go on.
                LogNotPrepared(_logger, job.Message.Id, fault);
                problem = new(TransportStage.Mail, TransportFaultKind.NotPrepared, "the message could not be prepared");
            }

            if (message is null)
            {
                if (hasPlace)
                {
                    rate?.GiveBack();
                }

                await GiveUpAsync(job, problem!, decrement: true);
                continue;
            }

            lock (underWay)
            {
                underWay.Add(job);
            }

            yield return message;
        }
    }

    static bool IsBusy(HashSet<DeliveryJob> underWay)
    {
        lock (underWay)
        {
            return underWay.Count > 0;
        }
    }

    async ValueTask<DeliveryJob?> NextAsync(CancellationToken replaced, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || replaced.IsCancellationRequested)
        {
            return null;
        }

        if (_waiting.Reader.TryRead(out var job))
        {
            return job;
        }

        using var idle = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, replaced);
        idle.CancelAfter(Idle);
        try
        {
            return await _waiting.Reader.ReadAsync(idle.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    async ValueTask GiveUpAsync(DeliveryJob job, TransportFault fault, bool decrement = false)
    {
        if (decrement)
        {
            Interlocked.Decrement(ref _inHand);
        }

        LetGoOfContent(job);
        job.Batch = job.Batch.Count > 0 ? job.Batch : job.Pending;
        var recipients = job.Batch.Select(index => new RecipientOutcome(job.AddressOf(index), RecipientVerdict.NotSent, fault.Stage, null));
        await _done(job, this, new(new("", [], default, default) { State = job }, [.. recipients]) { Fault = fault });
    }

    void LetGoOfContent(DeliveryJob job)
    {
        if (job.HoldsContent)
        {
            job.HoldsContent = false;
            _contents.Give(job.Message.Size);
        }
    }

    [LoggerMessage(EventId = 2010, Level = LogLevel.Error, Message = "Transport {Transport} broke off without outcomes; its messages are tried again")]
    static partial void LogBroken(ILogger logger, string transport, Exception fault);

    [LoggerMessage(EventId = 2012, Level = LogLevel.Warning, Message = "Message {MessageId} waits a moment: its content cannot be read ({Reason})")]
    static partial void LogNotRead(ILogger logger, string messageId, string reason);

    [LoggerMessage(EventId = 2011, Level = LogLevel.Error, Message = "Message {MessageId} could not be prepared for sending")]
    static partial void LogNotPrepared(ILogger logger, string messageId, Exception fault);
}

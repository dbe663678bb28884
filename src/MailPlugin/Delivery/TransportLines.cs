using System.Collections.Concurrent;
using MailPlugin.Nodes;
using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Transports;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>The lines of all transports, and the choice among them: the one that a message names, else the first of the settings' order that may be used.</summary>
internal sealed class TransportLines(
    ITransportDirectory directory, MessagePreparation preparation, ContentBudget contents, INodes nodes, QueueSignal signal, TimeProvider clock, ILogger<TransportLines> logger) : IDisposable
{
    readonly ConcurrentDictionary<string, TransportLine> _lines = new(StringComparer.Ordinal);
    readonly CancellationTokenSource _abort = new();

    /// <summary>Gets every outcome. Set by the worker before the first message is offered.</summary>
    public Func<DeliveryJob, TransportLine, TransportOutcome, ValueTask> Done { get; set; } = (_, _, _) => throw new InvalidOperationException("Nobody takes outcomes.");

    public IReadOnlyList<TransportSettings> Enabled => [.. directory.InOrder.Where(transport => transport.Enabled)];

    public TransportLine Get(TransportSettings settings)
    {
        var line = Get(settings.Id);
        var capacity = TransportCapacity.Of(settings);
        line.Adopt(capacity.IsShared ? capacity with { Sessions = nodes.Of(capacity.Sessions), RatePerMinute = capacity.RatePerMinute / nodes.Count } : capacity);
        return line;
    }

    public TransportLine Get(string transport) => _lines.GetOrAdd(transport, id =>
    {
        var line = new TransportLine(id, directory, preparation, contents, (job, from, outcome) => Done(job, from, outcome), clock, logger, _abort.Token);
        line.Health.Changed += signal.Raise;
        return line;
    });

    /// <summary>How much of what is bound to no transport this node may take: what the first one that can be used has room for, if this node has sessions of it.</summary>
    public int RoomUnbound => Enabled.Select(Get).FirstOrDefault(line => line.Health.Access != TransportAccess.Closed) is { HasSessions: true } line ? line.Room : 0;

    /// <summary>Where a job goes now; null when nothing that it may use can be used. Whoever gets a line must offer the job to it.</summary>
    public TransportLine? Choose(DeliveryJob job)
    {
        var enabled = Enabled;
        if (job.PassedOnBy is { } before)
        {
            job.Why = $"passed on by {before}";
            return directory.InOrder.SkipWhile(transport => transport.Id != before).Skip(1).Where(transport => transport.Enabled).Select(transport => Enter(transport, job)).FirstOrDefault(line => line is not null);
        }

        if (job.Message.Transport.Length > 0)
        {
            var named = enabled.FirstOrDefault(transport => transport.Id == job.Message.Transport);
            job.Why = "named by the submission";
            return named is not null && Enter(named, job) is { } line ? line : null;
        }

        foreach (var transport in enabled)
        {
            if (Enter(transport, job) is { } line)
            {
                job.Why = transport == enabled[0] ? "first in order"
                    : job.Passed.Count > 0 ? $"failover from {string.Join(", ", job.Passed)}"
                    : $"failover: {enabled[0].Id} is {StateWord(Get(enabled[0]).Health.Report().Condition)}";
                return line;
            }
        }

        return null;
    }

    /// <summary>Settings changed: what was suspended for the old ones gets its chance.</summary>
    public void Resume(IEnumerable<string> transports)
    {
        foreach (var id in transports)
        {
            if (_lines.TryGetValue(id, out var line))
            {
                line.Health.Resume();
            }
        }
    }

    public IReadOnlyCollection<TransportLine> All => [.. _lines.Values];

    /// <summary>Breaks off what is in flight.</summary>
    public void Abort() => _abort.Cancel();

    public void Dispose() => _abort.Dispose();

    TransportLine? Enter(TransportSettings transport, DeliveryJob job)
    {
        var line = Get(transport);
        var access = job.Passed.Contains(transport.Id) ? TransportAccess.Closed : line.Health.Enter();
        job.IsProbe = access == TransportAccess.Probe;
        return access == TransportAccess.Closed ? null : line;
    }

    static string StateWord(TransportCondition condition) => condition == TransportCondition.Suspended ? "suspended" : "not reachable";
}

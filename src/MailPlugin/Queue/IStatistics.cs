namespace MailPlugin.Queue;

/// <summary>Figures that were counted by the commits which changed them.</summary>
internal interface IStatistics
{
    /// <summary>Outcomes of recipients since a time, in steps.</summary>
    Task<QueueStatistics> ReadAsync(DateTimeOffset since, TimeSpan step, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>What waits now; cheap enough to be asked every few seconds.</summary>
    Task<QueueNow> NowAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>What was accepted by each transport since a time, and how many messages wait for each (bound to it or last tried on it).</summary>
    Task<IReadOnlyDictionary<string, TransportFigures>> ByTransportAsync(DateTimeOffset since, CancellationToken cancellationToken);
}

/// <param name="Totals">Messages by status, now; what is being sent counts as queued or deferred here.</param>
/// <param name="OldestDue">When the longest waiting message became due; null: none is due.</param>
/// <param name="Outcomes">Recipients by transport and state.</param>
internal sealed record QueueStatistics(
    IReadOnlyDictionary<MessageStatus, long> Totals, DateTimeOffset? OldestDue, IReadOnlyList<OutcomeCount> Outcomes, IReadOnlyList<StatisticsStep> Series);

/// <param name="Totals">Messages by status; what is being sent counts as queued or deferred here.</param>
/// <param name="OldestDue">When the longest waiting message became due; null: none is due.</param>
internal sealed record QueueNow(IReadOnlyDictionary<MessageStatus, long> Totals, DateTimeOffset? OldestDue);

internal sealed record OutcomeCount(string Transport, RecipientState State, long Count);

internal sealed record StatisticsStep(DateTimeOffset At, IReadOnlyDictionary<RecipientState, long> Counts);

internal sealed record TransportFigures(long Accepted, long Waiting);

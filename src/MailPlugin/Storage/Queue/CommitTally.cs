using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>Sums a commit's changes up, so that a batch costs as many counter rows as it has kinds of outcomes. Whatever ends a recipient counts it here.</summary>
internal sealed class CommitTally
{
    const long MinuteMs = 60_000;

    readonly Dictionary<MessageStatus, (long Count, long Bytes)> _totals = [];
    readonly Dictionary<(long Minute, string Transport, RecipientState State), long> _outcomes = [];

    public void Move(MessageStatus from, MessageStatus to, long bytes)
    {
        if (from != to)
        {
            Add(from, -1, -bytes);
            Add(to, 1, bytes);
        }
    }

    /// <param name="transport">Null: none had to do with it.</param>
    public void Count(DateTimeOffset at, string? transport, RecipientState state)
    {
        var kind = (at.ToUnixTimeMilliseconds() / MinuteMs * MinuteMs, transport ?? "", state);
        _outcomes[kind] = _outcomes.GetValueOrDefault(kind) + 1;
    }

    public void Write(DbConnection connection)
    {
        foreach (var (status, (count, bytes)) in _totals.OrderBy(total => total.Key))
        {
            QueueTotals.Add(connection, status, count, bytes);
        }

        foreach (var ((minute, transport, state), count) in _outcomes.OrderBy(outcome => outcome.Key))
        {
            var slot = connection.Dialect();
            connection.Prepared($"""
                insert into delivery_counts (span, at, transport, outcome, count{slot.Slot}) values (60, @at, @transport, @outcome, @count{slot.SlotValue})
                on conflict (span, at, transport, outcome{slot.Slot}) do update set count = delivery_counts.count + excluded.count
                """)
                .SetSlot().Set("@at", minute).Set("@transport", transport).Set("@outcome", (int)state).Set("@count", count).ExecuteLater();
        }
    }

    public void Add(MessageStatus status, long count, long bytes)
    {
        var (oldCount, oldBytes) = _totals.GetValueOrDefault(status);
        _totals[status] = (oldCount + count, oldBytes + bytes);
    }
}

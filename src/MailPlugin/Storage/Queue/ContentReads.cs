using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>
/// Reads contents of messages that are held, for several sessions at once: whoever asks while a query is under way goes with the next one, so that a busy node pays a round trip for many messages. How many
/// bytes that may be is up to those who ask. Thread-safe.
/// </summary>
internal sealed class ContentReads(IDatabase database)
{
    /// <summary>Under way at the same time: a large content does not keep all others waiting.</summary>
    const int MaxQueries = 2;
    const int MaxBatch = 64;

    readonly Lock _lock = new();
    readonly Queue<Reading> _waiting = new();
    readonly string _query = $"""
        select c.key, c.header, c.body, m.lease, {(database.Dialect.HasClock ? $"m.due > {database.Dialect.Now}" : "true")}
        from message_contents c join messages m on m.key = c.key where c.key = any(@keys) and m.key = any(@keys)
        """;

    int _queries;

    /// <inheritdoc cref="IDeliveryQueue.ReadContentAsync"/>
    public Task<MessageContent?> ReadAsync(HeldMessage held, CancellationToken cancellationToken)
    {
        var reading = new Reading(held);
        lock (_lock)
        {
            _waiting.Enqueue(reading);
            if (_queries < MaxQueries)
            {
                _queries++;
                _ = RunAsync();
            }
        }

        return reading.Task.WaitAsync(cancellationToken);
    }

    public static DatabaseUnavailableException Ended() => new("The lease has ended: somebody else may have the message.");

    async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (Take() is { Count: > 0 } readings)
        {
            if (await TryAsync(readings) is not { } fault)
            {
                continue;
            }

            if (readings.Count == 1)
            {
                readings[0].Fail(fault);
                continue;
            }

            // Together they may be too much for one command's time, or one of them cannot be read: alone, the others can.
            foreach (var reading in readings)
            {
                if (await TryAsync([reading]) is { } own)
                {
                    reading.Fail(own);
                }
            }
        }
    }

    /// <returns>Why they could not be read; null: they were.</returns>
    async Task<Exception?> TryAsync(List<Reading> readings)
    {
        try
        {
            var rows = await database.ReadAsync(connection => Read(connection, readings), CancellationToken.None);
            readings.ForEach(reading => reading.Complete(rows.GetValueOrDefault(reading.Held.Key)));
            return null;
        }
        catch (Exception fault)
        {
            return fault;
        }
    }

    List<Reading> Take()
    {
        var readings = new List<Reading>();
        lock (_lock)
        {
            while (readings.Count < MaxBatch && _waiting.TryDequeue(out var reading))
            {
                readings.Add(reading);
            }

            if (readings.Count == 0)
            {
                _queries--;
            }
        }

        return readings;
    }

    Dictionary<long, Row> Read(DbConnection connection, List<Reading> readings)
    {
        var rows = new Dictionary<long, Row>();
        using var row = connection.Prepared(_query).SetAll("@keys", readings.Select(reading => (long?)reading.Held.Key)).ExecuteReader();
        while (row.Read())
        {
            rows[row.GetInt64(0)] = new(new((byte[])row.GetValue(1), (byte[])row.GetValue(2)), row.IsDBNull(3) || !row.GetBoolean(4) ? null : row.GetInt64(3));
        }

        return rows;
    }

    /// <param name="Token">Of the lease that holds it now; null: none.</param>
    sealed record Row(MessageContent Content, long? Token);

    sealed class Reading(HeldMessage held)
    {
        readonly TaskCompletionSource<MessageContent?> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HeldMessage Held => held;

        public Task<MessageContent?> Task => _completion.Task;

        public void Complete(Row? row)
        {
            if (row is null || row.Token == held.Token)
            {
                _completion.TrySetResult(row?.Content);
            }
            else
            {
                _completion.TrySetException(Ended());
            }
        }

        public void Fail(Exception fault) => _completion.TrySetException(fault is DatabaseUnavailableException ? new DatabaseUnavailableException(fault.Message, fault) : fault);
    }
}

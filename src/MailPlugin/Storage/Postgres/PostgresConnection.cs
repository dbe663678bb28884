using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace MailPlugin.Storage.Postgres;

/// <summary>
/// What the stores see of a connection. Statements whose result nobody asks for are kept back and go in one flight with the next that does, or with the commit: a round trip is what
/// a write costs. Used by one thread at a time.
/// </summary>
internal sealed class PostgresConnection(NpgsqlConnection inner, Dialect dialect, long slot) : DbConnection
{
    /// <summary>What is kept back at most, in statements and bytes.</summary>
    const int MaxPending = 512;
    const int MaxPendingBytes = 4 * 1024 * 1024;

    readonly List<NpgsqlBatchCommand> _pending = [];
    long _pendingBytes;

    public Dialect Dialect => dialect;

    /// <summary>Which rows of the counters are this connection's.</summary>
    public long Slot => slot;

    /// <summary>Whether it can still be used.</summary>
    public bool IsSound => inner.FullState == ConnectionState.Open;

    /// <summary>Begins a transaction with the first statement that is sent.</summary>
    public void Begin() => ExecuteLater(new NpgsqlBatchCommand("begin"));

    /// <summary>The same, in which every query sees the same commits.</summary>
    public void BeginSnapshot() => ExecuteLater(new NpgsqlBatchCommand("begin isolation level repeatable read read only"));

    /// <summary>Sends what was kept back, and the commit behind it.</summary>
    public void Commit() => ExecuteNonQuery(new NpgsqlBatchCommand("commit"));

    /// <summary>Forgets what was kept back and takes back what was sent.</summary>
    public void RollBack()
    {
        Forget();
        ExecuteNonQuery(new NpgsqlBatchCommand("rollback"));
    }

    public void ExecuteLater(NpgsqlBatchCommand command)
    {
        _pending.Add(command);
        _pendingBytes += command.Parameters.Sum(parameter => parameter.Value is byte[] bytes ? bytes.Length : 0L);
        if (_pending.Count >= MaxPending || _pendingBytes >= MaxPendingBytes)
        {
            Flush();
        }
    }

    public int ExecuteNonQuery(NpgsqlBatchCommand command)
    {
        using var batch = TakeBatch(command);
        batch.ExecuteNonQuery();
        return (int)command.RecordsAffected;
    }

    /// <summary>Only the last statement gives rows: what was kept back has none that anybody wants.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "A batch holds nothing that its reader does not give back")]
    public DbDataReader ExecuteReader(NpgsqlBatchCommand command) => TakeBatch(command).ExecuteReader();

    /// <summary>Sends what was kept back.</summary>
    public void Flush()
    {
        if (_pending.Count > 0)
        {
            using var batch = TakeBatch(null);
            batch.ExecuteNonQuery();
        }
    }

    NpgsqlBatch TakeBatch(NpgsqlBatchCommand? last)
    {
        var batch = new NpgsqlBatch(inner);
        foreach (var command in _pending)
        {
            batch.BatchCommands.Add(command);
        }

        if (last is not null)
        {
            batch.BatchCommands.Add(last);
        }

        Forget();
        return batch;
    }

    void Forget()
    {
        _pending.Clear();
        _pendingBytes = 0;
    }

    // Below: what ADO.NET asks of a connection, for Dapper.
    [AllowNull]
    public override string ConnectionString
    {
        get => "";
        set => throw new NotSupportedException();
    }

    public override string Database => inner.Database;

    public override string DataSource => inner.DataSource;

    public override string ServerVersion => inner.ServerVersion;

    public override ConnectionState State => inner.State;

    public override void Open() => inner.Open();

    public override void Close() => inner.Close();

    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException("The writer begins and ends transactions.");

    protected override DbCommand CreateDbCommand() => new PostgresCommand(this, inner.CreateCommand());

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

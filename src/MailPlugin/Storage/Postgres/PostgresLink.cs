using System.Data.Common;
using System.Security.Cryptography;
using Npgsql;

namespace MailPlugin.Storage.Postgres;

/// <summary>
/// Makes connections, and knows since when the database has been there. When one attempt has failed the next ones fail with it for a moment, and then as long as one tries whether it is back:
/// whoever waits is answered, and a database that comes back is not stormed. Thread-safe.
/// </summary>
internal sealed class PostgresLink(PostgresTarget target, TimeProvider clock, Dialect dialect)
{
    /// <summary>
    /// A node that stands still in the middle of a transaction, or is gone without a word, lets go of its locks; whoever waits for a lock is answered before its command is given up; and what
    /// nobody waits for any more ends. What was committed is on disk, whatever the server's default. Not every server knows all of it.
    /// Whatever is looked for has its index. A plan is kept, though, and one that was made while a table was small reads all of it when it has grown, until the server counts it anew: so none is to begin
    /// with a whole table; and none is worth being compiled.
    /// </summary>
    const string SetUp = """
        select set_config(name, case when name = 'synchronous_commit' and setting <> 'off' then setting else wanted end, false)
        from pg_settings join (values ('lock_timeout', '3s'), ('idle_in_transaction_session_timeout', '10s'), ('client_connection_check_interval', '2s'), ('tcp_user_timeout', '20s'), ('synchronous_commit', 'on'),
            ('enable_seqscan', 'off'), ('jit', 'off'))
          as w (name, wanted) using (name)
        where name not in ('client_connection_check_interval', 'tcp_user_timeout') or version() like '%linux%'
        """;

    /// <summary>More rows than anybody has writers, few enough to be summed up at once.</summary>
    const int Slots = 64;

    /// <summary>
    /// The first one that no other connection to this schema has: two that count in the same rows wait for each other's commits. It is given back with the connection. Where all are taken it is shared.
    /// </summary>
    const string TakeSlot = """
        select slot from generate_series(0, $1 - 1) as slot where pg_try_advisory_lock(hashtext('mailplugin_' || current_schema()), slot) limit 1
        """;

    static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(500);

    readonly Lock _lock = new();
    (long At, string Reason)? _refused;
    bool _tries;
    long? _steadySince = clock.GetTimestamp();

    public TimeProvider Clock => clock;

    public Dialect Dialect => dialect;

    /// <inheritdoc cref="PostgresTarget.Patience"/>
    public TimeSpan Patience => target.Patience;

    /// <summary>For how long the database has done its work without a break, as far as this process knows.</summary>
    public TimeSpan SteadyFor
    {
        get
        {
            lock (_lock)
            {
                return _steadySince is { } since ? clock.GetElapsedTime(since) : TimeSpan.Zero;
            }
        }
    }

    public void Failed()
    {
        lock (_lock)
        {
            _steadySince = null;
        }
    }

    public void Succeeded()
    {
        lock (_lock)
        {
            _steadySince ??= clock.GetTimestamp();
        }
    }

    /// <param name="writes">Whether it needs rows of its own among the counters.</param>
    /// <exception cref="DbException">It cannot be reached.</exception>
    public PostgresConnection Connect(bool writes = false)
    {
        lock (_lock)
        {
            if (_refused is { } refused)
            {
                if (_tries || clock.GetElapsedTime(refused.At) < AfterFailure)
                {
                    throw new NpgsqlException(refused.Reason);
                }

                _tries = true;
            }
        }

        var inner = target.NewConnection();
        try
        {
            inner.Open();
            using var command = new NpgsqlCommand(SetUp, inner);
            command.ExecuteNonQuery();
            var slot = writes ? SlotOf(inner) : 0;
            lock (_lock)
            {
                (_refused, _tries) = (null, false);
            }

            return new(inner, dialect, slot);
        }
        catch (Exception fault)
        {
            inner.Dispose();
            lock (_lock)
            {
                (_refused, _tries) = ((clock.GetTimestamp(), fault.Message), false);
                _steadySince = null;
            }

            if (fault is DbException)
            {
                throw;
            }

            throw new NpgsqlException(fault.Message, fault);
        }
    }

    static int SlotOf(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(TakeSlot, connection) { Parameters = { new() { Value = Slots } } };
        return command.ExecuteScalar() is int slot ? slot : RandomNumberGenerator.GetInt32(Slots);
    }
}

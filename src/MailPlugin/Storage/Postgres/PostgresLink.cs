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
    /// </summary>
    const string SetUp = """
        select set_config(name, case when name = 'synchronous_commit' and setting <> 'off' then setting else wanted end, false)
        from pg_settings join (values ('lock_timeout', '3s'), ('idle_in_transaction_session_timeout', '10s'), ('client_connection_check_interval', '2s'), ('tcp_user_timeout', '20s'), ('synchronous_commit', 'on'))
          as w (name, wanted) using (name)
        where name not in ('client_connection_check_interval', 'tcp_user_timeout') or version() like '%linux%'
        """;

    /// <summary>More rows than anybody has writers, few enough to be summed up at once.</summary>
    const int Slots = 64;

    static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(500);

    readonly Lock _lock = new();
    (long At, string Reason)? _refused;
    bool _tries;
    long? _steadySince = clock.GetTimestamp();
    int _slot = RandomNumberGenerator.GetInt32(Slots);

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

    /// <exception cref="DbException">It cannot be reached.</exception>
    public PostgresConnection Connect()
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
            lock (_lock)
            {
                (_refused, _tries) = (null, false);
            }

            return new(inner, dialect, (uint)Interlocked.Increment(ref _slot) % Slots);
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
}

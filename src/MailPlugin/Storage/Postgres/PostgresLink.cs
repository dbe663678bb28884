using System.Data.Common;
using Npgsql;

namespace MailPlugin.Storage.Postgres;

/// <summary>Makes connections. When one attempt has failed the next ones fail with it for a moment: whoever waits is answered, and a database that comes back is not stormed.</summary>
internal sealed class PostgresLink(PostgresTarget target, TimeProvider clock)
{
    /// <summary>For a connection in use to become free.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A node that stands still in the middle of a transaction lets go of its locks; whoever waits for a lock is answered. What was committed is on disk, whatever the server's default.
    /// </summary>
    const string SetUp = """
        select set_config('lock_timeout', '4s', false), set_config('idle_in_transaction_session_timeout', '10s', false),
          set_config('synchronous_commit', case current_setting('synchronous_commit') when 'off' then 'on' else current_setting('synchronous_commit') end, false)
        """;

    static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(500);

    readonly Lock _lock = new();
    (long At, Exception Fault)? _failed;

    public TimeProvider Clock => clock;

    /// <exception cref="DbException">It cannot be reached.</exception>
    public PostgresConnection Connect()
    {
        lock (_lock)
        {
            if (_failed is { } failed && clock.GetElapsedTime(failed.At) < AfterFailure)
            {
                throw new NpgsqlException(failed.Fault.Message, failed.Fault);
            }
        }

        var inner = target.NewConnection();
        try
        {
            inner.Open();
            using var command = new NpgsqlCommand(SetUp, inner);
            command.ExecuteNonQuery();
            _failed = null;
            return new(inner);
        }
        catch (Exception fault)
        {
            inner.Dispose();
            lock (_lock)
            {
                _failed = (clock.GetTimestamp(), fault);
            }

            if (fault is DbException)
            {
                throw;
            }

            throw new NpgsqlException(fault.Message, fault);
        }
    }
}

using System.Data.Common;
using System.Security.Cryptography;
using Npgsql;

namespace MailPlugin.Storage.Postgres;

/// <summary>
/// Makes connections, and knows since when the database has been there. When one attempt has failed the next ones fail with it for a moment: whoever waits is answered, and a database that
/// comes back is not stormed. Thread-safe.
/// </summary>
internal sealed class PostgresLink(PostgresTarget target, TimeProvider clock, Dialect dialect)
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

    /// <summary>More rows than anybody has writers, few enough to be summed up at once.</summary>
    const int Slots = 64;

    static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(500);

    readonly Lock _lock = new();
    (long At, string Reason)? _refused;
    long? _steadySince = clock.GetTimestamp();
    int _slot = RandomNumberGenerator.GetInt32(Slots);

    public TimeProvider Clock => clock;

    public Dialect Dialect => dialect;

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
            if (_refused is { } refused && clock.GetElapsedTime(refused.At) < AfterFailure)
            {
                throw new NpgsqlException(refused.Reason);
            }
        }

        var inner = target.NewConnection();
        try
        {
            inner.Open();
            using var command = new NpgsqlCommand(SetUp, inner);
            command.ExecuteNonQuery();
            return new(inner, dialect, (uint)Interlocked.Increment(ref _slot) % Slots);
        }
        catch (Exception fault)
        {
            inner.Dispose();
            lock (_lock)
            {
                _refused = (clock.GetTimestamp(), fault.Message);
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

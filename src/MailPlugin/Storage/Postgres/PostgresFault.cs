using Npgsql;

namespace MailPlugin.Storage.Postgres;

/// <summary>What a failure says: that the database cannot do its work, that somebody was in the way, or that this statement is wrong.</summary>
internal static class PostgresFault
{
    /// <summary>SQLSTATE classes that speak of the statement and its data: not supported, cardinality, data, constraints, syntax.</summary>
    static readonly string[] OfStatement = ["0A", "21", "22", "23", "42"];

    /// <summary>Of class 42, but it is not the statement's fault when it may not, or its table is gone.</summary>
    static readonly string[] OfSetUp = [PostgresErrorCodes.InsufficientPrivilege, PostgresErrorCodes.UndefinedTable];

    /// <summary>Deadlock, serialization, a lock that did not come in time: the same again may succeed.</summary>
    public static bool IsCollision(Exception fault) =>
        fault is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable };

    /// <summary>It did not answer in time. Asking once more would take as long again.</summary>
    public static bool IsSilence(Exception fault) => fault is TimeoutException or NpgsqlException { InnerException: TimeoutException };

    /// <summary>Disk full, out of memory, too many connections: less may get through.</summary>
    public static bool IsShortage(Exception fault) => fault is PostgresException { SqlState: ['5', '3', ..] };

    /// <summary>It only reads, as a standby does: another connection may lead to where mail can be written.</summary>
    public static bool IsReadOnly(Exception fault) => fault is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction };

    /// <summary>The database's own trouble: trying each work alone would only repeat it.</summary>
    public static bool IsDatabases(Exception fault) => fault switch
    {
        PostgresException { SqlState: var state } => !IsCollision(fault) && (OfSetUp.Contains(state) || !OfStatement.Contains(state[..2])),
        NpgsqlException or TimeoutException or IOException => true,
        _ => false,
    };
}

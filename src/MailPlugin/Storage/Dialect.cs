using System.Data.Common;
using MailPlugin.Storage.Postgres;

namespace MailPlugin.Storage;

/// <summary>
/// What the two databases say differently, as pieces of the one set of SQL. SQLite has one writer, which needs no locks, and one process, whose clock is the clock; PostgreSQL has others at the
/// same time, and a clock that all of them share.
/// </summary>
internal sealed record Dialect
{
    /// <summary>PostgreSQL's clock, in milliseconds since 1970. Unlike <c>now()</c> it goes on within a transaction; as a query of its own it is asked once a statement, so that an index can be used.</summary>
    public const string DatabaseNow = "(select (extract(epoch from clock_timestamp()) * 1000)::bigint)";

    const string CallersNow = "@now";

    public static Dialect Sqlite { get; } = new();

    public static Dialect Postgres { get; } = new()
    {
        IsShared = true,
        Now = DatabaseNow,
        ForUpdate = " for update",
        SkipLocked = " for update skip locked",
        Slot = ", slot",
        SlotValue = ", @slot",
    };

    /// <summary>PostgreSQL with the time that its callers say: for tests, whose time is not today.</summary>
    public static Dialect PostgresAtCallersTime { get; } = Postgres with { Now = CallersNow };

    /// <summary>Whether other processes work on the same store.</summary>
    public bool IsShared { get; private init; }

    /// <summary>The time by which things are due and leases end; for <see cref="PreparedStatement.SetNow"/>.</summary>
    public string Now { get; private init; } = CallersNow;

    /// <summary>Whether <see cref="Now"/> is the database's: then no node's clock moves anything.</summary>
    public bool HasClock => Now != CallersNow;

    /// <summary>Behind a query in a write: nobody else changes these rows before the commit.</summary>
    public string ForUpdate { get; private init; } = "";

    /// <summary>The same, leaving out what others are changing just now.</summary>
    public string SkipLocked { get; private init; } = "";

    /// <summary>Counters that many change at once have a row for each writer, which is part of their key; they are read as sums.</summary>
    public string Slot { get; private init; } = "";

    /// <summary>Its value; for <see cref="PreparedStatement.SetSlot"/>.</summary>
    public string SlotValue { get; private init; } = "";
}

internal static class Dialects
{
    public static Dialect Dialect(this DbConnection connection) => connection is PostgresConnection postgres ? postgres.Dialect : Storage.Dialect.Sqlite;
}

using System.Data.Common;
using MailPlugin.Storage.Postgres;

namespace MailPlugin.Storage;

/// <summary>
/// What the two databases say differently, as pieces of the one set of SQL. SQLite has one writer, which needs no locks; in PostgreSQL others write at the same time.
/// </summary>
internal sealed record Dialect
{
    /// <summary>PostgreSQL's clock, in milliseconds since 1970. Unlike <c>now()</c> it goes on within a transaction.</summary>
    public const string DatabaseNow = "(extract(epoch from clock_timestamp()) * 1000)::bigint";

    public static Dialect Sqlite { get; } = new();

    public static Dialect Postgres { get; } = new()
    {
        IsShared = true,
        ForUpdate = " for update",
        SkipLocked = " for update skip locked",
    };

    /// <summary>Whether other processes work on the same store.</summary>
    public bool IsShared { get; private init; }

    /// <summary>Behind a query in a write: nobody else changes these rows before the commit.</summary>
    public string ForUpdate { get; private init; } = "";

    /// <summary>The same, leaving out what others are changing just now.</summary>
    public string SkipLocked { get; private init; } = "";
}

internal static class Dialects
{
    public static Dialect Dialect(this DbConnection connection) => connection is PostgresConnection ? Storage.Dialect.Postgres : Storage.Dialect.Sqlite;
}

using System.Data.Common;
using System.Runtime.CompilerServices;
using MailPlugin.Storage.Postgres;
using MailPlugin.Storage.Sqlite;

namespace MailPlugin.Storage;

/// <summary>
/// Statements that are prepared once for a connection and used again: on the hot path, parsing SQL would cost more than running it.
/// A connection is used by one thread at a time, and so are its statements.
/// </summary>
internal static class PreparedCommands
{
    static readonly ConditionalWeakTable<DbConnection, Dictionary<string, PreparedStatement>> Statements = [];

    /// <summary>The statement for this text; the caller sets every parameter.</summary>
    public static PreparedStatement Prepared(this DbConnection connection, string sql)
    {
        var statements = Statements.GetOrCreateValue(connection);
        if (!statements.TryGetValue(sql, out var statement))
        {
            statement = connection is PostgresConnection postgres ? new PostgresStatement(postgres, sql) : new SqliteStatement(connection, sql);
            statements.Add(sql, statement);
        }

        return statement;
    }

    /// <summary>Runs a statement without parameters.</summary>
    public static int Run(this DbConnection connection, string sql) => connection.Prepared(sql).ExecuteNonQuery();
}

/// <summary>One statement of one connection. Parameters keep their values until they are set again.</summary>
internal abstract class PreparedStatement
{
    public abstract PreparedStatement Set(string name, string? value);

    public abstract PreparedStatement Set(string name, long? value);

    public abstract PreparedStatement Set(string name, byte[]? value);

    /// <summary>An array, for <c>= any(…)</c> and <c>unnest(…)</c>: many rows in one statement, which is worth it where a statement is a message to a server.</summary>
    public virtual PreparedStatement SetAll(string name, IEnumerable<string?> values) => throw new NotSupportedException();

    /// <inheritdoc cref="SetAll(string, IEnumerable{string})"/>
    public virtual PreparedStatement SetAll(string name, IEnumerable<long?> values) => throw new NotSupportedException();

    /// <inheritdoc cref="SetAll(string, IEnumerable{string})"/>
    public virtual PreparedStatement SetAll(string name, IEnumerable<byte[]> values) => throw new NotSupportedException();

    /// <summary>For <see cref="Dialect.Now"/>; not looked at where the database has a clock of its own.</summary>
    public virtual PreparedStatement SetNow(DateTimeOffset now) => Set("@now", now.ToUnixTimeMilliseconds());

    /// <summary>For <see cref="Dialect.SlotValue"/>.</summary>
    public virtual PreparedStatement SetSlot() => this;

    public abstract int ExecuteNonQuery();

    public abstract object? ExecuteScalar();

    /// <summary>The reader is closed before the connection is used again.</summary>
    public abstract DbDataReader ExecuteReader();

    /// <summary>Runs it, at the latest before whatever of this connection runs next. Nothing is asked back, so that a database at the other end of a network is not waited for.</summary>
    public virtual void ExecuteLater() => ExecuteNonQuery();
}

using MailPlugin.Storage.Postgres;

namespace MailPlugin.Storage.Migrations;

/// <summary>All missing steps in one transaction, under a lock: of nodes that start at the same time one applies them, the others wait and find them applied.</summary>
internal static class PostgresMigrations
{
    /// <summary>Known to all versions of this plugin, and to nobody else who locks in the same database.</summary>
    const long LockKey = 0x4D61_696C_506C_7567;

    /// <exception cref="DatabaseUnavailableException">The schema was written by a newer version.</exception>
    public static void Apply(PostgresConnection connection, string schema)
    {
        connection.Begin();
        try
        {
            // Others may be at it for longer than a lock is waited for elsewhere.
            connection.Run("set local lock_timeout = '60s'");
            connection.Prepared("select pg_advisory_xact_lock(@key)").Set("@key", LockKey).ExecuteNonQuery();
            Prepare(connection, schema);
            foreach (var step in MigrationStep.Missing("postgres", Applied(connection)))
            {
                Execute(connection, step.Sql);
                connection.Prepared("insert into migrations (number, name) values (@number, @name)").Set("@number", step.Number).Set("@name", step.Name).ExecuteNonQuery();
            }

            connection.Commit();
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A role that may not make schemas can be given one that is there.</summary>
    static void Prepare(PostgresConnection connection, string schema)
    {
        if (connection.Prepared("select 1 from pg_namespace where nspname = @schema").Set("@schema", schema).ExecuteScalar() is null)
        {
            Execute(connection, $"create schema \"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
        }

        Execute(connection, "create table if not exists migrations (number bigint primary key, name text not null, applied_at timestamptz not null default now())");
    }

    static List<int> Applied(PostgresConnection connection)
    {
        var numbers = new List<int>();
        using var row = connection.Prepared("select number from migrations").ExecuteReader();
        while (row.Read())
        {
            numbers.Add((int)row.GetInt64(0));
        }

        return numbers;
    }

    /// <summary>Several statements at once, which only a command can.</summary>
    static void Execute(PostgresConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandTimeout = 0;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

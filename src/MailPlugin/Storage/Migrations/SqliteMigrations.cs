using System.Globalization;
using Microsoft.Data.Sqlite;

namespace MailPlugin.Storage.Migrations;

/// <summary>The file remembers its steps in a table. <c>user_version</c> has the highest: versions before the table knew only that.</summary>
internal static class SqliteMigrations
{
    const string Dialect = "sqlite";

    /// <exception cref="DatabaseUnavailableException">The file was written by a newer version.</exception>
    public static void Apply(SqliteConnection connection)
    {
        var version = Number(connection, "pragma user_version");
        if (version > MigrationStep.All(Dialect)[^1].Number)
        {
            throw new DatabaseUnavailableException($"The database is at step {version} of the schema, which this version does not know: it was written by a newer version.");
        }

        using (var transaction = connection.BeginTransaction())
        {
            AdoptVersion(connection, version);
            transaction.Commit();
        }

        foreach (var step in MigrationStep.Missing(Dialect, Applied(connection)))
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, step.Sql);
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"insert into migrations (number, name) values ({step.Number}, '{step.Name}')"));
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"pragma user_version = {Math.Max(step.Number, Number(connection, "pragma user_version"))}"));
            transaction.Commit();
        }
    }

    static void AdoptVersion(SqliteConnection connection, int version)
    {
        if (Number(connection, "select count(*) from sqlite_master where name = 'migrations'") > 0)
        {
            return;
        }

        Execute(connection, "create table migrations (number integer primary key, name text not null) strict");
        foreach (var step in MigrationStep.All(Dialect).Where(step => step.Number <= version))
        {
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"insert into migrations (number, name) values ({step.Number}, '{step.Name}')"));
        }
    }

    static List<int> Applied(SqliteConnection connection)
    {
        var numbers = new List<int>();
        using var command = connection.CreateCommand();
        command.CommandText = "select number from migrations";
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            numbers.Add(row.GetInt32(0));
        }

        return numbers;
    }

    static int Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

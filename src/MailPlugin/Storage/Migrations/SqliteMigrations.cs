using System.Globalization;
using System.Reflection;
using Microsoft.Data.Sqlite;

namespace MailPlugin.Storage.Migrations;

/// <summary>Numbered steps, embedded as <c>NNNN-name.sqlite.sql</c>; the file remembers the last one in <c>user_version</c>.</summary>
internal static class SqliteMigrations
{
    const string Suffix = ".sqlite.sql";

    /// <exception cref="DatabaseUnavailableException">The file was written by a newer version.</exception>
    public static void Apply(SqliteConnection connection)
    {
        var steps = Steps();
        var current = UserVersion(connection);
        if (current > steps.Count)
        {
            throw new DatabaseUnavailableException($"The database is at step {current}, this version knows {steps.Count}: it was written by a newer version.");
        }

        for (var step = current; step < steps.Count; step++)
        {
            using var transaction = connection.BeginTransaction();
            Execute(connection, steps[step]);
            Execute(connection, $"pragma user_version = {(step + 1).ToString(CultureInfo.InvariantCulture)}");
            transaction.Commit();
        }
    }

    static List<string> Steps()
    {
        var assembly = typeof(SqliteMigrations).Assembly;
        return [.. assembly.GetManifestResourceNames().Where(name => name.EndsWith(Suffix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(name => Read(assembly, name))];
    }

    static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    static int UserVersion(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "pragma user_version";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

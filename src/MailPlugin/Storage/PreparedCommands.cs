using System.Data.Common;
using System.Runtime.CompilerServices;

namespace MailPlugin.Storage;

/// <summary>
/// Commands that are prepared once for a connection and used again: on the hot path, parsing SQL would cost more than running it.
/// A connection is used by one thread at a time, and so are its commands.
/// </summary>
internal static class PreparedCommands
{
    static readonly ConditionalWeakTable<DbConnection, Dictionary<string, DbCommand>> Commands = [];

    /// <summary>The command for this text; the caller sets every parameter with <see cref="Set"/>.</summary>
    public static DbCommand Prepared(this DbConnection connection, string sql)
    {
        var commands = Commands.GetOrCreateValue(connection);
        if (!commands.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            commands.Add(sql, command);
        }

        return command;
    }

    public static DbCommand Set(this DbCommand command, string name, object? value)
    {
        if (command.Parameters.Contains(name))
        {
            command.Parameters[name].Value = value ?? DBNull.Value;
            return command;
        }

        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
        return command;
    }

    /// <summary>Runs a statement without parameters.</summary>
    public static int Run(this DbConnection connection, string sql) => connection.Prepared(sql).ExecuteNonQuery();
}

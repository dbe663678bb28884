using System.Data.Common;
using System.Runtime.CompilerServices;

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
            statement = new(connection, sql);
            statements.Add(sql, statement);
        }

        return statement;
    }

    /// <summary>Runs a statement without parameters.</summary>
    public static int Run(this DbConnection connection, string sql) => connection.Prepared(sql).ExecuteNonQuery();
}

/// <summary>A command that finds its parameters by name at once; a command's own list is searched from its beginning each time.</summary>
internal sealed class PreparedStatement
{
    readonly DbCommand _command;
    readonly Dictionary<string, DbParameter> _parameters = new(StringComparer.Ordinal);

    public PreparedStatement(DbConnection connection, string sql)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
    }

    public PreparedStatement Set(string name, object? value)
    {
        if (!_parameters.TryGetValue(name, out var parameter))
        {
            parameter = _command.CreateParameter();
            parameter.ParameterName = name;
            _command.Parameters.Add(parameter);
            _parameters.Add(name, parameter);
        }

        parameter.Value = value ?? DBNull.Value;
        return this;
    }

    public int ExecuteNonQuery() => _command.ExecuteNonQuery();

    public object? ExecuteScalar() => _command.ExecuteScalar();

    public DbDataReader ExecuteReader() => _command.ExecuteReader();
}

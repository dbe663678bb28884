using System.Data.Common;

namespace MailPlugin.Storage.Sqlite;

/// <summary>A command that finds its parameters by name at once; a command's own list is searched from its beginning each time.</summary>
internal sealed class SqliteStatement : PreparedStatement
{
    readonly DbCommand _command;
    readonly Dictionary<string, DbParameter> _parameters = new(StringComparer.Ordinal);

    public SqliteStatement(DbConnection connection, string sql)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
    }

    public override PreparedStatement Set(string name, string? value) => SetValue(name, value);

    public override PreparedStatement Set(string name, long? value) => SetValue(name, value);

    public override PreparedStatement Set(string name, byte[]? value) => SetValue(name, value);

    public override int ExecuteNonQuery() => _command.ExecuteNonQuery();

    public override object? ExecuteScalar() => _command.ExecuteScalar();

    public override DbDataReader ExecuteReader() => _command.ExecuteReader();

    SqliteStatement SetValue(string name, object? value)
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
}

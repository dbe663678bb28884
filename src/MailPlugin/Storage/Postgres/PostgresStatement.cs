using System.Data.Common;
using Npgsql;
using NpgsqlTypes;

namespace MailPlugin.Storage.Postgres;

internal sealed class PostgresStatement(PostgresConnection connection, string sql) : PreparedStatement
{
    readonly PositionalSql _sql = PositionalSql.Of(sql);
    readonly (NpgsqlDbType Type, object? Value)[] _values = new (NpgsqlDbType, object?)[PositionalSql.Of(sql).Names.Count];

    public override PreparedStatement Set(string name, string? value) => SetValue(name, NpgsqlDbType.Text, value is null ? null : PostgresText.Clean(value));

    public override PreparedStatement Set(string name, long? value) => SetValue(name, NpgsqlDbType.Bigint, value);

    public override PreparedStatement Set(string name, byte[]? value) => SetValue(name, NpgsqlDbType.Bytea, value);

    public override PreparedStatement SetAll(string name, IEnumerable<string?> values) =>
        SetValue(name, NpgsqlDbType.Array | NpgsqlDbType.Text, values.Select(value => value is null ? null : PostgresText.Clean(value)).ToArray());

    public override PreparedStatement SetAll(string name, IEnumerable<long?> values) => SetValue(name, NpgsqlDbType.Array | NpgsqlDbType.Bigint, values.ToArray());

    public override PreparedStatement SetAll(string name, IEnumerable<byte[]> values) => SetValue(name, NpgsqlDbType.Array | NpgsqlDbType.Bytea, values.ToArray());

    public override PreparedStatement SetNow(DateTimeOffset now) => connection.Dialect.HasClock ? this : base.SetNow(now);

    public override PreparedStatement SetSlot() => Set("@slot", connection.Slot);

    public override int ExecuteNonQuery() => connection.ExecuteNonQuery(Command());

    public override object? ExecuteScalar()
    {
        using var reader = ExecuteReader();
        return reader.Read() ? reader.GetValue(0) : null;
    }

    public override DbDataReader ExecuteReader() => connection.ExecuteReader(Command());

    public override void ExecuteLater() => connection.ExecuteLater(Command());

    PostgresStatement SetValue(string name, NpgsqlDbType type, object? value)
    {
        _values[_sql.IndexOf(name)] = (type, value);
        return this;
    }

    /// <summary>A command of its own each time: it may run when the statement has other values already.</summary>
    NpgsqlBatchCommand Command()
    {
        var command = new NpgsqlBatchCommand(_sql.Text);
        foreach (var (type, value) in _values)
        {
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        }

        return command;
    }
}

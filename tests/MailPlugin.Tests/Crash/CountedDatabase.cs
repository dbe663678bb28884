using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using MailPlugin.Storage;

namespace MailPlugin.Tests.Crash;

/// <summary>The real database, with a point before each statement of a write, one before its commit and one behind it.</summary>
internal sealed class CountedDatabase(IDatabase inner, FaultPoints points) : IDatabase
{
    readonly ConditionalWeakTable<DbConnection, Connection> _connections = [];

    public Dialect Dialect => inner.Dialect;

    public async Task<T> WriteAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken)
    {
        var result = await inner.WriteAsync(
            connection =>
            {
                var done = work(_connections.GetValue(connection, real => new(real, points)));
                points.Pass();
                return done;
            },
            cancellationToken);
        points.Pass();
        return result;
    }

    public Task<T> ReadAsync<T>(Func<DbConnection, T> work, CancellationToken cancellationToken) => inner.ReadAsync(work, cancellationToken);

    sealed class Connection(DbConnection inner, FaultPoints points) : DbConnection
    {
        [AllowNull]
        public override string ConnectionString { get => inner.ConnectionString; set => throw new NotSupportedException(); }

        public override string Database => inner.Database;

        public override string DataSource => inner.DataSource;

        public override string ServerVersion => inner.ServerVersion;

        public override ConnectionState State => inner.State;

        public override void ChangeDatabase(string databaseName) => throw new NotSupportedException();

        public override void Close() => throw new NotSupportedException();

        public override void Open() => throw new NotSupportedException();

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => throw new NotSupportedException();

        protected override DbCommand CreateDbCommand() => new Command(inner.CreateCommand(), points);
    }

    sealed class Command(DbCommand inner, FaultPoints points) : DbCommand
    {
        [AllowNull]
        public override string CommandText { get => inner.CommandText; set => inner.CommandText = value; }

        public override int CommandTimeout { get => inner.CommandTimeout; set => inner.CommandTimeout = value; }

        public override CommandType CommandType { get => inner.CommandType; set => inner.CommandType = value; }

        public override bool DesignTimeVisible { get => false; set => throw new NotSupportedException(); }

        public override UpdateRowSource UpdatedRowSource { get => inner.UpdatedRowSource; set => inner.UpdatedRowSource = value; }

        protected override DbConnection? DbConnection { get => inner.Connection; set => throw new NotSupportedException(); }

        protected override DbParameterCollection DbParameterCollection => inner.Parameters;

        protected override DbTransaction? DbTransaction { get => inner.Transaction; set => throw new NotSupportedException(); }

        public override void Cancel() => inner.Cancel();

        public override void Prepare() => inner.Prepare();

        public override int ExecuteNonQuery()
        {
            points.Pass();
            return inner.ExecuteNonQuery();
        }

        public override object? ExecuteScalar()
        {
            points.Pass();
            return inner.ExecuteScalar();
        }

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
        {
            points.Pass();
            return inner.ExecuteReader(behavior);
        }

        protected override DbParameter CreateDbParameter() => inner.CreateParameter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

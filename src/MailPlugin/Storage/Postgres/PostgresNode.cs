using System.Globalization;
using MailPlugin.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MailPlugin.Storage.Postgres;

/// <summary>
/// This process as one of many. On a connection of its own it says every few seconds that it lives, counts who else does, and hears of changes: at once by a notification, and in any case
/// by the versions that it looks at each second, because a notification is lost with its connection. When the connection breaks it makes another; what it knew holds meanwhile.
/// </summary>
internal sealed partial class PostgresNode : INodes, IStoreChanges, IHostedService, IAsyncDisposable
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(3);
    static readonly TimeSpan WakeEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Silent for so long, by the database's clock: dead to the others.</summary>
    static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(15);
    static readonly TimeSpan ForgottenAfter = TimeSpan.FromHours(1);

    const string Beat = $"""
        insert into nodes (id, name, started_at, seen_at) values ($1, $2, {Dialect.DatabaseNow}, {Dialect.DatabaseNow})
        on conflict (id) do update set seen_at = excluded.seen_at
        """;

    readonly PostgresTarget _target;
    readonly IDatabase _database;
    readonly TimeProvider _clock;
    readonly ILogger<PostgresNode> _logger;
    readonly string _id = string.Create(CultureInfo.InvariantCulture, $"{Guid.CreateVersion7():N}");
    readonly string _name = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName} {Environment.ProcessId}");
    readonly CancellationTokenSource _stopping = new();
    readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    Task _loop = Task.CompletedTask;
    NpgsqlConnection? _connection;
    (int Count, int Rank) _place = (1, 0);
    long _beatAt;
    long _wokeAt;
    bool _disposed;

    public PostgresNode(PostgresTarget target, IDatabase database, TimeProvider clock, ILogger<PostgresNode> logger) =>
        (_target, _database, _clock, _logger) = (target, database, clock, logger);

    public event Action? Changed;

    event Action<string>? IStoreChanges.Changed
    {
        add => Told += value;
        remove => Told -= value;
    }

    event Action<string>? Told;

    public int Count => _place.Count;

    public int Rank => _place.Rank;

    /// <summary>Hears of changes from here on: what is read afterwards is followed.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ConnectAsync(cancellationToken);
            await LookAsync(tell: false, cancellationToken);
            await BeatAsync(cancellationToken);
        }
        catch (Exception fault) when (fault is NpgsqlException or IOException or TimeoutException)
        {
            throw new DatabaseUnavailableException($"The database at {_target} cannot be listened to: {fault.Message}", fault);
        }

        _loop = Task.Run(RunAsync, CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop;
    }

    public async ValueTask DisposeAsync()
    {
        // A container disposes of what is registered under several types several times.
        if (!Interlocked.Exchange(ref _disposed, true))
        {
            await StopAsync(CancellationToken.None);
            _stopping.Dispose();
        }
    }

    public void WakeOthers()
    {
        var now = _clock.GetTimestamp();
        var before = Volatile.Read(ref _wokeAt);
        if (Count > 1 && (before == 0 || _clock.GetElapsedTime(before, now) > WakeEvery) && Interlocked.CompareExchange(ref _wokeAt, now, before) == before)
        {
            _ = WakeAsync();
        }
    }

    async Task RunAsync()
    {
        var told = false;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (_connection is null)
                {
                    await ConnectAsync(_stopping.Token);
                    LogBack();
                    told = false;
                }

                await FollowAsync(_connection!, _stopping.Token);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // The last beat follows.
            }
            catch (Exception fault)
            {
                if (!told)
                {
                    LogLost(fault.Message);
                    told = true;
                }

                await DropAsync();
                await Task.Delay(LookEvery, _clock, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await LeaveAsync();
    }

    async Task FollowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            await LookAsync(tell: true, cancellationToken);
            if (_clock.GetElapsedTime(_beatAt) >= BeatEvery)
            {
                await BeatAsync(cancellationToken);
            }

            await connection.WaitAsync(LookEvery, cancellationToken);
        }
    }

    async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var connection = _target.NewConnection();
        try
        {
            await connection.OpenAsync(cancellationToken);
            connection.Notification += (_, notification) => OnNotification(notification.Payload);
            await using var listen = new NpgsqlCommand("""
                do $$ begin execute format('listen %I', 'mailplugin_' || current_schema()); end $$
                """, connection);
            await listen.ExecuteNonQueryAsync(cancellationToken);
            _connection = connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Everything else has a version, which is looked at next.</summary>
    void OnNotification(string topic)
    {
        if (topic == Topic.Queue)
        {
            Tell(topic);
        }
    }

    async Task LookAsync(bool tell, CancellationToken cancellationToken)
    {
        var changed = new List<string>();
        await using (var command = new NpgsqlCommand("select topic, version from changes", _connection))
        await using (var row = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken))
            {
                var (topic, version) = (row.GetString(0), row.GetInt64(1));
                if (_versions.GetValueOrDefault(topic) != version)
                {
                    _versions[topic] = version;
                    changed.Add(topic);
                }
            }
        }

        if (tell)
        {
            changed.ForEach(Tell);
        }
    }

    async Task BeatAsync(CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(_connection)
        {
            BatchCommands =
            {
                new(Beat) { Parameters = { new() { Value = _id }, new() { Value = _name } } },
                new($"delete from nodes where seen_at < {Dialect.DatabaseNow} - $1") { Parameters = { new() { Value = (long)ForgottenAfter.TotalMilliseconds } } },
                new($"select id from nodes where seen_at >= {Dialect.DatabaseNow} - $1 order by started_at, id") { Parameters = { new() { Value = (long)DeadAfter.TotalMilliseconds } } },
            },
        };
        var alive = new List<string>();
        await using (var row = await batch.ExecuteReaderAsync(cancellationToken))
        {
            while (await row.ReadAsync(cancellationToken))
            {
                alive.Add(row.GetString(0));
            }
        }

        _beatAt = _clock.GetTimestamp();
        var place = (alive.Count, alive.IndexOf(_id));
        if (_place != place)
        {
            _place = place;
            LogPlace(place.Count, place.Item2 + 1);
            Changed?.Invoke();
        }
    }

    async Task WakeAsync()
    {
        try
        {
            await _database.WriteAsync(
                connection =>
                {
                    connection.Prepared("select pg_notify('mailplugin_' || current_schema(), @topic)").Set("@topic", Topic.Queue).ExecuteLater();
                    return 0;
                },
                _stopping.Token);
        }
        catch (Exception fault) when (fault is DatabaseUnavailableException or OperationCanceledException or ObjectDisposedException)
        {
            // They look by themselves.
        }
    }

    /// <summary>The others share at once what this one had.</summary>
    async Task LeaveAsync()
    {
        try
        {
            if (_connection is not null)
            {
                await using var command = new NpgsqlCommand("delete from nodes where id = $1", _connection) { Parameters = { new() { Value = _id } }, CommandTimeout = 2 };
                await command.ExecuteNonQueryAsync(CancellationToken.None);
            }
        }
        catch (Exception fault) when (fault is NpgsqlException or InvalidOperationException or IOException or TimeoutException)
        {
            // They find out.
        }

        await DropAsync();
    }

    async Task DropAsync()
    {
        if (Interlocked.Exchange(ref _connection, null) is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    void Tell(string topic)
    {
        try
        {
            Told?.Invoke(topic);
        }
        catch (Exception fault)
        {
            LogNotTold(topic, fault);
        }
    }

    [LoggerMessage(EventId = 1526, Level = LogLevel.Information, Message = "{Count} nodes work on this store; this one is number {Number}")]
    partial void LogPlace(int count, int number);

    [LoggerMessage(EventId = 1527, Level = LogLevel.Warning, Message = "The connection that hears of other nodes' changes is lost: {Reason}")]
    partial void LogLost(string reason);

    [LoggerMessage(EventId = 1528, Level = LogLevel.Information, Message = "Other nodes' changes are heard of again")]
    partial void LogBack();

    [LoggerMessage(EventId = 1529, Level = LogLevel.Error, Message = "What follows a change of {Topic} failed")]
    partial void LogNotTold(string topic, Exception fault);
}

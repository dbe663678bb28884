using System.Text.Json.Nodes;
using MailPlugin.Storage;
using MailPlugin.Storage.Postgres;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using Npgsql;

namespace MailPlugin.Tests.Storage;

/// <summary>A whole plugin whose database is silent, gone, only readable, locked or slow for a while.</summary>
public sealed class PostgresAwayTests(PostgresAwayTests.Bed bed) : IClassFixture<PostgresAwayTests.Bed>, IAsyncLifetime
{
    const int Callers = 30;

    /// <summary>Three times what a caller waits at most, for a machine that has other things to do.</summary>
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(15);

    readonly CountingSink _sink = new();
    readonly TempFolder _folder = new();
    PostgresStore _store = null!;
    PluginHost? _host;

    PluginHost Host => _host!;

    public async Task InitializeAsync()
    {
        if (bed.Server is not null)
        {
            _store = PostgresStore.On(bed.Server);
            _host = await StartAsync(_store.ConnectionString);
            await DeliverAsync(Host);
        }
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        await _sink.DisposeAsync();
        _folder.Dispose();
    }

    [ServerFact(Server.PostgreSql)]
    public async Task While_the_database_is_silent_everybody_is_turned_away_in_time_and_afterwards_it_goes_on_by_itself()
    {
        var before = await SubmitAsync("before");
        bed.Server!.Freeze();
        try
        {
            await TurnedAwayAsync();

            // Whoever comes later does not wait as long as the first.
            await TurnedAwayAsync();
            Assert.Equal((503, "unhealthy"), await HealthAsync());
            Assert.Equal(503, (await Host.GetAsync("messages").WaitAsync(Bound)).Status);
        }
        finally
        {
            bed.Server.Thaw();
        }

        await GoesOnAsync(before);
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_database_that_was_killed_and_started_again_has_everything_that_was_acknowledged()
    {
        using var over = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(caller => Task.Run(() => LoadAsync(caller, over.Token))));
        for (var round = 0; round < 2; round++)
        {
            await Eventually.SeeAsync(() => _sink.Taken > round * 100, "deliveries");
            await bed.Server!.KillAsync();
            await TurnedAwayAsync();
            Assert.Equal((503, "unhealthy"), await HealthAsync());
            await bed.Server.StartAgainAsync();
        }

        await Eventually.SeeAsync(() => _sink.Taken > 200, "deliveries");
        await over.CancelAsync();
        var acknowledged = (await load).SelectMany(ids => ids).ToList();

        await GoesOnAsync([.. acknowledged]);
        Assert.DoesNotContain(_sink.Messages.Values.GroupBy(message => message.Subject), twins => twins.Count() > 1);
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_database_that_only_reads_takes_no_mail_and_shows_what_it_has()
    {
        var before = await SubmitAsync("before");
        await bed.RunAsync("alter system set default_transaction_read_only = on");
        try
        {
            await bed.RunAsync("select pg_reload_conf()");
            await Eventually.SeeAsync(HealthAsync, health => health == (503, "unhealthy"), "health");
            await TurnedAwayAsync();
            Assert.Equal(200, (await Host.GetAsync("messages").WaitAsync(Bound)).Status);
            Assert.Equal(200, (await Host.GetAsync("settings").WaitAsync(Bound)).Status);
        }
        finally
        {
            await bed.RunAsync("alter system reset default_transaction_read_only");
            await bed.RunAsync("select pg_reload_conf()");
        }

        await GoesOnAsync(before);
    }

    [ServerFact(Server.PostgreSql)]
    public async Task While_somebody_locks_the_tables_everybody_is_turned_away_and_nothing_of_it_is_sent_later()
    {
        var before = await SubmitAsync("before");
        await Eventually.SeeAsync(() => _sink.Messages.Count == 1, "deliveries");
        await using (var connection = _store.Target.NewConnection())
        {
            await connection.OpenAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await using var locks = new NpgsqlCommand("lock table messages, message_contents, state in access exclusive mode", connection, transaction);
            await locks.ExecuteNonQueryAsync();

            await TurnedAwayAsync();
            var reads = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Host.GetAsync("messages"))).WaitAsync(Bound);
            Assert.All(reads, answer => Assert.Equal(503, answer.Status));
        }

        await GoesOnAsync(before);
        Assert.DoesNotContain(_sink.Messages.Values, message => message.Subject.StartsWith("turned away", StringComparison.Ordinal));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Connections_that_are_cut_under_load_cost_nobody_a_message()
    {
        using var over = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 4).Select(caller => Task.Run(() => LoadAsync(caller, over.Token))));
        for (var round = 1; round <= 5; round++)
        {
            await Eventually.SeeAsync(() => _sink.Taken > round * 40, "deliveries");
            await _store.CutAsync();
        }

        await over.CancelAsync();
        var acknowledged = (await load).SelectMany(ids => ids).ToList();

        await GoesOnAsync([.. acknowledged]);
        Assert.DoesNotContain(_sink.Messages.Values.GroupBy(message => message.Subject), twins => twins.Count() > 1);
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_database_at_the_end_of_a_way_that_is_too_long_keeps_nothing_that_it_did_not_acknowledge()
    {
        await using var way = new SlowProxy(bed.Server!.Port, new() { Delay = TimeSpan.FromSeconds(0.5) });
        var target = PostgresTarget.Read(Plugin.Options(new() { ["Store"] = _store.ConnectionString.Replace($"Port={bed.Server.Port}", $"Port={way.Port}", StringComparison.Ordinal) + ";Timeout=30" }))!;
        await using var database = PostgresDatabase.Open(target, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

        // Many times there and back again, each of them in time.
        var write = database.WriteAsync(
            connection => Enumerable.Range(0, 6).Sum(_ => connection.Run("insert into state (name, value) values ('slow', '1') on conflict (name) do update set value = '2'")), default);

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => write.WaitAsync(Bound));
        await database.DisposeAsync();
        Assert.Equal(0L, await bed.RunAsync($"select count(*) from {_store.Target.Schema}.state where name = 'slow'"));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_host_that_starts_while_the_database_is_silent_opens_it_when_it_answers()
    {
        bed.Server!.Freeze();
        PluginHost late;
        try
        {
            late = await StartAsync(_store.ConnectionString);
            Assert.Equal((503, "queue-unavailable"), await late.GetAsync("messages", Host.Key).WaitAsync(Bound) is var answer ? (answer.Status, answer.Slug) : default);
        }
        finally
        {
            bed.Server.Thaw();
        }

        await using (late)
        {
            await Eventually.SeeAsync(() => late.GetAsync("messages", Host.Key), seen => seen.Status == 200, "the store of the host that started late");
        }
    }

    Task<PluginHost> StartAsync(string store) => PluginHost.StartAsync(new()
    {
        ["Store"] = store,
        ["KeyRing:KeyFile"] = _folder.Write("ring", Convert.ToBase64String(new byte[48])),
        ["Retry:First"] = "1",
        ["Retry:Unreachable"] = "1",
        ["Retry:FactorPercent"] = "100",
    });

    async Task DeliverAsync(PluginHost host)
    {
        var saved = await host.SaveAsync(Bodies.Smtp(smtp =>
        {
            (smtp["host"], smtp["port"], smtp["security"]) = ("127.0.0.1", _sink.Port, "none");
            smtp.Remove("username");
            smtp.Remove("password");
        }));
        Assert.True(saved.Status == 200, saved.Text);
    }

    static JsonObject Mail(string subject) => new() { ["to"] = new JsonArray(new JsonObject { ["address"] = "b@example.org" }), ["subject"] = subject, ["text"] = "t" };

    async Task<string> SubmitAsync(string subject)
    {
        var answer = await Host.PostAsync("messages", Mail(subject));
        Assert.True(answer.Status == 202, answer.Text);
        return answer["messageId"]!;
    }

    async Task TurnedAwayAsync()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Host.PostAsync("messages", Mail($"turned away {caller}")))).WaitAsync(Bound);
        Assert.All(answers, answer => Assert.True((answer.Status, answer.Slug) == (503, "queue-unavailable") && answer.Header("Retry-After") is not null, answer.Text));
    }

    async Task<(int Status, string? Word)> HealthAsync()
    {
        var answer = await Host.SendAsync(HttpMethod.Get, "health").WaitAsync(Bound);
        return (answer.Status, answer["status"]);
    }

    /// <summary>Everything that was acknowledged arrives, mail is taken again, and health is whole.</summary>
    async Task GoesOnAsync(params string[] acknowledged)
    {
        await Eventually.SeeAsync(() => Array.TrueForAll(acknowledged, _sink.Messages.ContainsKey), "what was acknowledged");
        var afterwards = (await Eventually.SeeAsync(() => Host.PostAsync("messages", Mail("afterwards")), answer => answer.Status == 202, "the next message"))["messageId"]!;
        await Eventually.SeeAsync(() => _sink.Messages.ContainsKey(afterwards), "what came afterwards");
        await Eventually.SeeAsync(HealthAsync, health => health == (200, "healthy"), "health");
    }

    /// <summary>Submits one message after the other, each until it is taken; answers what was acknowledged.</summary>
    async Task<List<string>> LoadAsync(int caller, CancellationToken over)
    {
        var acknowledged = new List<string>();
        for (var number = 0; !over.IsCancellationRequested; number++)
        {
            var subject = $"load {caller} {number}";
            Answer answer;
            do
            {
                answer = await Host.SendAsync(HttpMethod.Post, "messages", Mail(subject), Host.Key, request => request.Headers.Add("Idempotency-Key", subject));
                Assert.True(answer.Status is 202 or 503, answer.Text);
            }
            while (answer.Status != 202);
            acknowledged.Add(answer["messageId"]!);
        }

        return acknowledged;
    }

    /// <summary>A server that the tests of this class may do anything to, one after the other.</summary>
    public sealed class Bed : IAsyncLifetime
    {
        public PostgreSqlServer? Server { get; private set; }

        public async Task InitializeAsync() => Server = Requirement.Missing(TestBed.Server.PostgreSql) is null ? await PostgreSqlServer.StartAsync() : null;

        public async Task DisposeAsync()
        {
            if (Server is not null)
            {
                await Server.DisposeAsync();
            }
        }

        public async Task<object?> RunAsync(string sql)
        {
            await using var connection = new NpgsqlConnection(Server!.ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            return await command.ExecuteScalarAsync();
        }
    }
}

using System.Text.Json.Nodes;
using System.Xml.Linq;
using MailPlugin.Security.Secrets;
using MailPlugin.Storage;
using MailPlugin.Storage.Migrations;
using MailPlugin.Storage.Moving;
using MailPlugin.Storage.Sqlite;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace MailPlugin.Tests.Storage.Moving;

/// <summary>A data folder with everything in it is moved into a real PostgreSQL, also by processes that are killed, and the mail leaves from there.</summary>
public sealed class StoreMoveTests : IDisposable
{
    const string There = "there";
    const string Password = "c4nary-m0ved-91c2";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly TempFolder _temp = new();

    string Data => _temp.Of("data");

    string DatabaseFile => Path.Combine(Data, "mail.db");

    public void Dispose() => _temp.Dispose();

    [ServerFact(Server.PostgreSql, Server.Postfix)]
    public async Task What_was_there_is_there_and_mail_that_waited_leaves_from_the_new_store()
    {
        await using var postfix = await PostfixServer.StartAsync(new() { Password = Password });
        var store = await PostgresStore.CreateAsync();
        var waiting = await FillAsync(postfix.SubmissionPort, postfix.Options.UserName);

        var report = await MoveAsync(store);

        Assert.Contains("messages: 6", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("versions of settings: 2", report.ToString(), StringComparison.Ordinal);
        Assert.Contains("keys of the key ring: 1", report.ToString(), StringComparison.Ordinal);
        await IsTheSameAsync(store);
        await using var host = await PluginHost.StartAsync(new() { ["Store"] = store.ConnectionString }, data: Data);
        Assert.Equal(("2", "[New]"), ((await host.GetAsync("settings"))["version"], (await host.GetAsync("settings"))["subjectPrefix"]));
        Assert.Equal("Test edited", (await host.GetAsync("templates/test?locale=en"))["subject"]);
        Assert.Equal("blocked@reader.example", (await host.GetAsync("suppressions")).Json["items"]![0]!["address"]!.ToString());
        Assert.Equal("true", (await host.GetAsync("delivery"))["paused"]);

        // The password is one that the moved key ring opens.
        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = false }, host.Key);
        var received = await postfix.ReadMessagesAsync(waiting.Count + 1, Patience);
        Assert.Equal(waiting.Count + 1, received.Count);
        foreach (var id in waiting)
        {
            await Eventually.SeeAsync(() => host.GetAsync($"messages/{id}"), answer => answer["status"] == "sent", $"{id} is sent");
        }

        // A number that the new store gives is not one that came with the old rows.
        var later = await host.PostAsync("messages", Message("later@reader.example"));
        Assert.True(later.Status == 202, later.Text);
        await Eventually.SeeAsync(() => host.GetAsync($"messages/{later["id"]}"), answer => answer["status"] == "sent", "new mail is sent");
        var replay = await host.SendAsync(HttpMethod.Post, "messages", Message("a@reader.example"), host.Key, request => request.Headers.Add("Idempotency-Key", "key-0"));
        Assert.Equal((202, waiting[0], "true"), (replay.Status, replay["id"], replay.Header("Idempotency-Replayed")));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_move_that_is_killed_again_and_again_loses_nothing_and_doubles_nothing()
    {
        using var dead = new ClosedPort();
        await FillAsync(dead.Port, "user");
        var store = await PostgresStore.CreateAsync();
        var deaths = 0;

        // Eleven points on is another phase of a write each time.
        while (!await MoveChild.StartAsync(Data, store.ConnectionString, 11))
        {
            deaths++;
            Assert.InRange(deaths, 1, 60);
            if (deaths == 3)
            {
                // Neither of the two is taken for whole meanwhile.
                Assert.Contains("is being moved to there", Assert.Throws<DatabaseUnavailableException>(() => SqliteDatabase.Open(DatabaseFile, NullLogger.Instance)).Message, StringComparison.Ordinal);
                await using var half = store.Open();
                Assert.Contains("has only a part", (await Assert.ThrowsAsync<DatabaseUnavailableException>(() => new NewStore(half).RefuseHalfMovedAsync(default))).Message, StringComparison.Ordinal);
            }
        }

        Assert.True(deaths > 5, $"{deaths} deaths");
        await IsTheSameAsync(store);
        var again = await MoveAsync(store);
        Assert.Equal(EarlierMove.Whole, again.Earlier);
        Assert.Contains("messages: 6", again.ToString(), StringComparison.Ordinal);
        await IsTheSameAsync(store);
        await using var whole = store.Open();
        await new NewStore(whole).RefuseHalfMovedAsync(default);
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Nothing_of_the_old_store_changes_but_the_mark_and_it_is_not_opened_again()
    {
        using var dead = new ClosedPort();
        await FillAsync(dead.Port, "user");
        var before = Files();

        await MoveAsync(await PostgresStore.CreateAsync());

        var after = Files();
        Assert.Equal(before.Keys.Append("mail.db.moved").Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
        Assert.All(before.Where(file => file.Key is not "mail.db.pid"), file => Assert.Equal(file.Value, after[file.Key]));
        Modes.IsOnlyTheOwners(DatabaseFile + ".moved");
        var refused = Assert.Throws<DatabaseUnavailableException>(() => SqliteDatabase.Open(DatabaseFile, NullLogger.Instance));
        Assert.Contains($"was moved to {There} on ", refused.Message, StringComparison.Ordinal);
    }

    [ServerFact(Server.PostgreSql)]
    public async Task What_cannot_be_moved_is_refused_and_the_old_store_goes_on_as_before()
    {
        var store = await PostgresStore.CreateAsync();
        Assert.Contains("name the data folder", Refused(), StringComparison.Ordinal);
        await using (await PluginHost.StartAsync(data: Data))
        {
            Assert.Contains("in use by another process", Refused(), StringComparison.Ordinal);
        }

        // A store that has anything, an admin key of a host that was started once.
        await using (await PluginHost.StartAsync(new() { ["Store"] = store.ConnectionString }, data: _temp.Of("node")))
        {
        }

        Assert.Contains("is in use already", (await Assert.ThrowsAsync<MoveRefusedException>(() => MoveAsync(store))).Message, StringComparison.Ordinal);
        await SqlAsync("delete from migrations where number = 17");
        Assert.Contains("older version: step 17", Refused(), StringComparison.Ordinal);
        await SqlAsync("insert into migrations (number, name) values (17, 'oauth'), (9999, 'future')");
        Assert.Contains("newer version", Assert.Throws<DatabaseUnavailableException>(() => OldStore.Open(Data)).Message, StringComparison.Ordinal);
        await SqlAsync("delete from migrations where number = 9999");
        Assert.False(File.Exists(DatabaseFile + ".moved"));
        await using var host = await PluginHost.StartAsync(data: Data);
        Assert.Equal(200, (await host.GetAsync("settings")).Status);
    }

    [ServerFact(Server.PostgreSql)]
    public async Task Two_old_stores_do_not_come_into_one_and_one_does_not_come_into_two()
    {
        await using (await PluginHost.StartAsync(data: Data))
        {
        }

        await using (await PluginHost.StartAsync(data: _temp.Of("second")))
        {
        }

        var (first, second) = (await PostgresStore.CreateAsync(), await PostgresStore.CreateAsync());
        await MoveAsync(first);

        Assert.Contains("not from here", (await Assert.ThrowsAsync<MoveRefusedException>(() => MoveAsync(first, _temp.Of("second")))).Message, StringComparison.Ordinal);
        Assert.Contains("was moved to there", (await Assert.ThrowsAsync<MoveRefusedException>(() => MoveAsync(second))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_temp.Of("second"), "mail.db.moved")));
    }

    [ServerFact(Server.PostgreSql)]
    public async Task A_key_ring_that_the_new_hosts_could_not_open_is_not_moved()
    {
        var seal = KeyRingSeal.WithKey(new byte[32]);
        await using (await PluginHost.StartAsync(data: Data))
        {
        }

        var file = Directory.EnumerateFiles(Path.Combine(Data, "keys"), "*.xml").Single();
        var key = XElement.Load(file);
        new XElement("sealed", new XAttribute("format", "1"), Convert.ToBase64String(seal.Seal(key.ToString()))).Save(file);
        var store = await PostgresStore.CreateAsync();

        foreach (var other in new[] { null, KeyRingSeal.WithKey([.. Enumerable.Repeat((byte)7, 32)]) })
        {
            Assert.Contains("KeyRing", (await Assert.ThrowsAsync<MoveRefusedException>(() => MoveAsync(store, seal: other))).Message, StringComparison.Ordinal);
        }

        await MoveAsync(store, seal: seal);
        Assert.Equal(XElement.Load(file).ToString(), XElement.Parse((await RowsAsync(store, "key_ring", ["document"])).Single()).ToString());
    }

    [Fact]
    public void Each_table_is_moved_or_left_on_purpose()
    {
        var tables = MigrationStep.All("postgres").SelectMany(step => System.Text.RegularExpressions.Regex.Matches(step.Sql, @"create table (\w+)").Select(match => match.Groups[1].Value)).ToList();

        // Of the nodes' own tables the old store has none.
        Assert.Equal(
            tables.Except(["nodes", "node_locks", "changes"]).Order(StringComparer.Ordinal),
            MovedTable.All.Select(table => table.Name).Concat(MovedTable.Left).Append(MovedTable.KeyRing).Order(StringComparer.Ordinal));
    }

    string Refused() => Assert.Throws<MoveRefusedException>(() => OldStore.Open(Data)).Message;

    async Task<MoveReport> MoveAsync(PostgresStore store, string? folder = null, KeyRingSeal? seal = null)
    {
        using var old = OldStore.Open(folder ?? Data);
        await using var database = store.Open();
        return await new StoreMove(old, new(database), seal, TimeProvider.System) { Batch = 3 }.RunAsync(There, CancellationToken.None);
    }

    /// <summary>A host with something in most tables, stopped: five messages wait that the relay has not had, one of two recipients.</summary>
    async Task<List<string>> FillAsync(int port, string user)
    {
        await using var host = await PluginHost.StartAsync(data: Data);
        var settings = new JsonObject
        {
            ["from"] = new JsonObject { ["address"] = "sender@sender.example" },
            ["adminAddress"] = "admin@reader.example",
            ["transports"] = new JsonArray(new JsonObject
            {
                ["id"] = "primary",
                ["mode"] = "smtp",
                ["smtp"] = new JsonObject
                {
                    ["host"] = "localhost",
                    ["port"] = port,
                    ["username"] = user,
                    ["password"] = Password,
                    ["timeoutSeconds"] = 10,
                    ["certificate"] = new JsonObject { ["trust"] = "customCa", ["caPem"] = TestCertificates.Shared.AuthorityPem },
                },
            }),
        };
        Assert.Equal(200, (await host.SaveAsync(settings)).Status);
        settings["subjectPrefix"] = "[New]";
        settings["transports"]![0]!["smtp"]!.AsObject().Remove("password");
        Assert.Equal(200, (await host.SaveAsync(settings)).Status);
        await host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = true }, host.Key);
        await host.SendAsync(HttpMethod.Put, "suppressions/blocked@reader.example", new JsonObject { ["reason"] = "asked for it" }, host.Key);
        var template = await host.PutAsync("templates/test?locale=en", new JsonObject { ["subject"] = "Test edited", ["text"] = "Edited." }, (await host.GetAsync("templates/test?locale=en")).ETag);
        Assert.True(template.Status is 200 or 201, template.Text);
        await host.NewKeyAsync("send", "read");

        // A draft that goes nowhere leaves a message that has failed, and its transcript.
        var draft = settings.DeepClone().AsObject();
        draft["transports"]![0]!["id"] = "nowhere";
        draft["transports"]![0]!["smtp"] = new JsonObject { ["host"] = "127.0.0.1", ["port"] = 1, ["security"] = "none" };
        Assert.Equal(424, (await host.PostAsync("test", new JsonObject { ["settings"] = draft })).Status);
        var ids = new List<string>();
        for (var number = 0; number < 5; number++)
        {
            var message = number == 1 ? Message("b@reader.example", "c@reader.example") : Message("a@reader.example");
            var accepted = await host.SendAsync(HttpMethod.Post, "messages", message, host.Key, request => request.Headers.Add("Idempotency-Key", $"key-{number}"));
            Assert.True(accepted.Status == 202, accepted.Text);
            ids.Add(accepted["id"]!);
        }

        return ids;
    }

    static JsonObject Message(params string[] to) => new()
    {
        ["to"] = new JsonArray([.. to.Select(address => new JsonObject { ["address"] = address })]),
        ["subject"] = "Grüße 😀",
        ["text"] = "moved\n",
    };

    /// <summary>Row by row, as both databases say it.</summary>
    async Task IsTheSameAsync(PostgresStore store)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = DatabaseFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        await connection.OpenAsync();
        var filled = 0;
        foreach (var table in MovedTable.All)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"select * from {table.Name}";
            await using var row = await command.ExecuteReaderAsync();
            var columns = Enumerable.Range(0, row.FieldCount).Select(row.GetName).ToList();
            var had = new List<string>();
            while (await row.ReadAsync())
            {
                had.Add(Text(row, columns.Count));
            }

            filled += had.Count > 0 ? 1 : 0;
            var has = (await RowsAsync(store, table.Name, columns)).Where(text => !text.StartsWith("move|", StringComparison.Ordinal));
            Assert.Equal(had.Order(StringComparer.Ordinal), has.Order(StringComparer.Ordinal));
        }

        Assert.True(filled >= 12, $"{filled} tables had anything.");
    }

    static async Task<List<string>> RowsAsync(PostgresStore store, string table, List<string> columns)
    {
        await using var connection = store.Target.NewConnection();
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"select {string.Join(", ", columns)} from {table}", connection);
        await using var row = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await row.ReadAsync())
        {
            rows.Add(Text(row, columns.Count));
        }

        return rows;
    }

    static string Text(System.Data.Common.DbDataReader row, int columns) => string.Join('|', Enumerable.Range(0, columns).Select(index =>
        row.IsDBNull(index) ? "null" : row.GetValue(index) is byte[] bytes ? Convert.ToHexString(bytes) : Convert.ToString(row.GetValue(index), System.Globalization.CultureInfo.InvariantCulture)));

    async Task SqlAsync(string sql)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = DatabaseFile, Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Of the folder, logs aside; what others lock is not read.</summary>
    Dictionary<string, string> Files() => Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories)
        .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal) && !file.Contains("/logs/", StringComparison.Ordinal))
        .ToDictionary(file => Path.GetRelativePath(Data, file), file => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file))));
}

using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Tests.Http;

/// <summary>Starts and stops, good ones and bad ones: the host lives in any case.</summary>
public sealed class LifeTests : IDisposable
{
    static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    readonly TempFolder _temp = new();
    readonly ManualClock _clock = new();

    string Data => _temp.Of("data");

    public void Dispose() => _temp.Dispose();

    [Fact]
    public async Task A_second_start_makes_no_other_key()
    {
        string key;
        await using (var first = await PluginHost.StartAsync(data: Data))
        {
            key = first.Key;
        }

        await using (var second = await PluginHost.StartAsync(data: Data))
        {
            Assert.Equal(key, second.Key);
            Assert.Equal(200, (await second.GetAsync("settings", key)).Status);
            await second.SignInAsync(key);
        }

        await using var third = await PluginHost.StartAsync(data: Data);
        Assert.False(File.Exists(third.AdminKeyFile));
        Assert.Equal(200, (await third.GetAsync("settings", key)).Status);
    }

    [Fact]
    public async Task A_start_that_ended_between_file_and_database_makes_a_key_that_works()
    {
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Path.Combine(Data, "admin-key.txt"), "mp_never-stored");

        await using var host = await PluginHost.StartAsync(data: Data);

        Assert.NotEqual("mp_never-stored", host.Key);
        Assert.Equal(200, (await host.GetAsync("settings")).Status);
        Modes.IsOnlyTheOwners(host.AdminKeyFile);
    }

    [Fact]
    public async Task The_first_key_is_in_no_log()
    {
        await using var host = await PluginHost.StartAsync(data: Data);

        Assert.Contains(host.Log.Entries, entry => entry.Text.Contains(host.AdminKeyFile, StringComparison.Ordinal));
        Assert.DoesNotContain(host.Log.Entries, entry => entry.Text.Contains(host.Key, StringComparison.Ordinal));
        Assert.DoesNotContain(host.Key, (await host.GetAsync("logs?limit=200")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_from_a_file_is_an_admin_key_and_none_other_is_made()
    {
        var key = new string('k', 20);
        var file = _temp.Write("key", key + "\n");
        await using var host = await PluginHost.StartAsync(new() { ["BootstrapKeyFile"] = file }, data: Data);

        Assert.False(File.Exists(host.AdminKeyFile));
        Assert.Equal(200, (await host.GetAsync("settings", key)).Status);
        var signedIn = await host.SignInAsync(key);
        Assert.Equal("key:bootstrap", (await host.SendAsync(HttpMethod.Get, "session", prepare: signedIn.On))["who"]);
        Assert.True(File.Exists(file));
    }

    [Theory]
    [InlineData("short")]
    [InlineData(null)]
    public async Task A_key_file_that_cannot_be_used_is_named_and_the_host_lives(string? content)
    {
        var file = content is null ? _temp.Of("missing") : _temp.Write("key", content);
        await using var host = await PluginHost.StartAsync(new() { ["BootstrapKeyFile"] = file }, _clock, Data);

        Assert.Equal("the host's own", (await host.SendAsync(HttpMethod.Get, "/")).Text);
        Assert.Equal((503, "queue-unavailable"), await Of(host.GetAsync("settings")));
        var entry = Assert.Single(host.Log.Entries, entry => entry.Level == LogLevel.Critical);
        Assert.Contains("MailPlugin:BootstrapKeyFile", entry.Text, StringComparison.Ordinal);
        if (content is not null)
        {
            Assert.DoesNotContain(content, entry.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_used_is_named_the_host_lives_and_the_plugin_comes_when_it_can()
    {
        var obstacle = _temp.Write("obstacle", "x");
        await using var host = await PluginHost.StartAsync(clock: _clock, data: Path.Combine(obstacle, "data"));

        Assert.Equal("the host's own", (await host.SendAsync(HttpMethod.Get, "/")).Text);
        await IsUnavailableAsync(host);
        var entry = Assert.Single(host.Log.Entries, entry => entry.Level == LogLevel.Critical);
        Assert.Contains("MailPlugin:Data", entry.Text, StringComparison.Ordinal);

        // The same reason is not told with every try.
        await RetriedAsync();
        await RetriedAsync();
        Assert.Single(host.Log.Entries, one => one.Level == LogLevel.Critical);

        File.Delete(obstacle);
        await IsThereAgainAsync(host);
    }

    [Fact]
    public async Task A_database_that_is_none_is_named_and_the_plugin_comes_when_it_is_mended()
    {
        Directory.CreateDirectory(Data);
        var database = _temp.Write("data/mail.db", new string('x', 5000));
        await using var host = await PluginHost.StartAsync(clock: _clock, data: Data);

        await IsUnavailableAsync(host);
        Assert.Contains(database, Assert.Single(host.Log.Entries, entry => entry.Level == LogLevel.Critical).Text, StringComparison.Ordinal);
        await RetriedAsync();
        await IsUnavailableAsync(host);

        File.Delete(database);
        await IsThereAgainAsync(host);
    }

    [Fact]
    public async Task A_store_that_fails_is_said_in_a_guarded_answer()
    {
        await using var host = await PluginHost.StartAsync(data: Data);
        await ((IAsyncDisposable)host.Services.GetService(typeof(MailPlugin.Storage.IDatabase))!).DisposeAsync();

        var keys = await host.GetAsync("keys");
        Assert.Equal((503, "queue-unavailable", "30"), (keys.Status, keys.Slug, keys.Header("Retry-After")));
        AnswerTests.IsGuarded(keys);
        Assert.Equal((503, "unhealthy"), await host.GetAsync("health") is var health ? (health.Status, health["status"]) : default);
    }

    [Fact]
    public async Task A_host_stops_while_the_plugin_waits_for_its_store()
    {
        Directory.CreateDirectory(Data);
        _temp.Write("data/mail.db", new string('x', 5000));
        var host = await PluginHost.StartAsync(clock: _clock, data: Data);

        await host.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
    }

    async Task IsThereAgainAsync(PluginHost host)
    {
        await Eventually.SeeAsync(
            async () =>
            {
                _clock.Advance(Retry);
                return (await host.SendAsync(HttpMethod.Get, "health")).Status;
            },
            status => status == 200,
            "the plugin came back");
        var key = (await File.ReadAllTextAsync(host.AdminKeyFile)).Trim();
        Assert.Equal(200, (await host.GetAsync("settings", key)).Status);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, "/mail/")).Status);
    }

    /// <summary>Lets one try pass: the next timer is set when it is over.</summary>
    async Task RetriedAsync()
    {
        await Eventually.SeeAsync(() => _clock.Timers > 0, "a try is planned");
        _clock.Advance(Retry);
        await Eventually.SeeAsync(() => _clock.Timers > 0, "the next try is planned");
    }

    static async Task IsUnavailableAsync(PluginHost host)
    {
        var settings = await host.GetAsync("settings");
        Assert.Equal((503, "queue-unavailable", "30"), (settings.Status, settings.Slug, settings.Header("Retry-After")));
        Assert.Equal("nosniff", settings.Header("X-Content-Type-Options"));
        var health = await host.SendAsync(HttpMethod.Get, "health");
        Assert.Equal((503, "unhealthy"), (health.Status, health["status"]));
        Assert.Equal(503, (await host.SendAsync(HttpMethod.Get, "/mail/")).Status);
    }

    static async Task<(int, string?)> Of(Task<Answer> answer) => (await answer) is var got ? (got.Status, got.Slug) : default;
}

using System.Text;
using MailPlugin.Settings;
using MailPlugin.Settings.FromHost;
using MailPlugin.Settings.Store;
using MailPlugin.Storage.Stores;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Tests.Settings;

public sealed class SettingsRegisterTests : IAsyncLifetime
{
    static readonly CancellationToken Never = CancellationToken.None;

    Plugin _plugin = null!;

    public Task InitializeAsync()
    {
        _plugin = Plugin.Create();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _plugin.DisposeAsync().AsTask();

    [Fact]
    public async Task Settings_and_secrets_come_back_after_a_restart()
    {
        var settings = SecretTests.WithCanaries();
        await SaveFirstAsync(settings);
        await _plugin.CloseAsync();

        var register = NewRegister();
        await register.LoadAsync(Never);

        var current = register.Current;
        Assert.Equal((1, "key:ops", _plugin.Clock.GetUtcNow()), (current.Version, current.UpdatedBy, current.UpdatedAt));
        Assert.Equal(SettingsDocument.Write(settings).ToJsonString(), SettingsDocument.Write(current.Settings).ToJsonString());
        Assert.Equal(settings.Transports[0].Smtp!.Password, current.Settings.Transports[0].Smtp!.Password);
        Assert.Equal(settings.Transports[0].Smtp!.Proxy!.Password, current.Settings.Transports[0].Smtp!.Proxy!.Password);
        Assert.Equal(settings.Transports[0].Smtp!.Certificate.ClientKey, current.Settings.Transports[0].Smtp!.Certificate.ClientKey);
        Assert.Equal(settings.Dkim[0].PrivateKey, current.Settings.Dkim[0].PrivateKey);
    }

    [Fact]
    public async Task No_secret_stands_in_the_clear_in_any_file()
    {
        await SaveFirstAsync(SecretTests.WithCanaries());

        // Closed first: to open and close its files takes the database's locks away.
        await _plugin.CloseAsync();
        foreach (var file in Directory.EnumerateFiles(_plugin.Data.Path, "*", SearchOption.AllDirectories))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            foreach (var text in new[] { "c4nary", "PRIVATE KEY" })
            {
                Assert.True(bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) < 0, file);
                Assert.True(bytes.AsSpan().IndexOf(Encoding.Unicode.GetBytes(text)) < 0, file);
            }
        }
    }

    [Fact]
    public async Task With_the_key_ring_lost_settings_load_without_secrets_and_the_log_says_so()
    {
        await SaveFirstAsync(SecretTests.WithCanaries());
        foreach (var key in Directory.EnumerateFiles(_plugin.Data.Folder("keys")))
        {
            File.Delete(key);
        }

        var register = NewRegister();
        await register.LoadAsync(Never);

        Assert.Equal("smtp.example.com", register.Current.Settings.Transports[0].Smtp!.Host);
        Assert.Null(register.Current.Settings.Transports[0].Smtp!.Password);
        Assert.Null(register.Current.Settings.Dkim[0].PrivateKey);
        var entry = Assert.Single(_plugin.Log.Entries, entry => entry.Level == LogLevel.Error);
        Assert.Contains("cannot be read", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_are_files_that_only_the_hosts_user_can_read()
    {
        await SaveFirstAsync(SecretTests.WithCanaries());

        var keys = _plugin.Data.Folder("keys");
        Modes.IsOnlyTheOwners(keys);
        Assert.NotEmpty(Directory.EnumerateFiles(keys));
        Modes.AreOnlyTheOwners(Directory.EnumerateFiles(_plugin.Data.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task What_this_version_refuses_of_an_older_one_is_said_and_the_rest_is_read()
    {
        await new SettingsStore(_plugin.Database).SaveAsync(
            new(1, _plugin.Clock.GetUtcNow(), "key:old", """{ "enabled": false, "adminAddress": "nobody", "colour": "red" }""", null), Never);

        var register = NewRegister();
        await register.LoadAsync(Never);

        Assert.False(register.Current.Settings.Enabled);
        var entry = Assert.Single(_plugin.Log.Entries, entry => entry.Level == LogLevel.Warning);
        Assert.Contains("adminAddress", entry.Text, StringComparison.Ordinal);
        Assert.Contains("colour", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_who_saw_the_same_version_one_saves()
    {
        var register = NewRegister();
        var seen = register.Current;
        var saved = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            Task.Run(() => register.SaveAsync(MailSettings.Empty with { SubjectPrefix = $"[{number}]" }, seen, $"key:{number}", Never))));

        var winner = Assert.Single(saved, one => one is not null);
        Assert.Equal(winner!.UpdatedBy, register.Current.UpdatedBy);
        var stored = await new SettingsStore(_plugin.Database).LoadAsync(Never);
        Assert.Equal((1, winner.UpdatedBy), (stored!.Version, stored.UpdatedBy));
    }

    [Fact]
    public async Task Whoever_listens_hears_of_the_version_in_force()
    {
        var register = NewRegister();
        var heard = new List<int>();
        register.Changed += settings =>
        {
            heard.Add(settings.Version);
            Assert.Equal(settings.Version, register.Current.Version);
        };

        await register.SaveAsync(MailSettings.Empty, register.Current, "a", Never);
        var first = register.Current;
        await register.SaveAsync(MailSettings.Empty, first, "a", Never);
        await register.SaveAsync(MailSettings.Empty, first, "a", Never);

        Assert.Equal([1, 2], heard);
    }

    [Fact]
    public async Task Whoever_was_too_late_finds_the_version_that_was_faster()
    {
        var (one, other) = (NewRegister(), NewRegister());
        var seen = other.Current;
        await one.SaveAsync(MailSettings.Empty with { SubjectPrefix = "[one]" }, one.Current, "key:one", Never);

        Assert.Null(await other.SaveAsync(MailSettings.Empty, seen, "key:other", Never));

        Assert.Equal((1, "key:one", "[one]"), (other.Current.Version, other.Current.UpdatedBy, other.Current.Settings.SubjectPrefix));
    }

    async Task SaveFirstAsync(MailSettings settings)
    {
        var register = NewRegister();
        Assert.NotNull(await register.SaveAsync(settings, register.Current, "key:ops", Never));
    }

    SettingsRegister NewRegister() => new(
        new SettingsStore(_plugin.Database), _plugin.NewProtector(), new HostSettings(new ConfigurationBuilder().Build(), "/"), _plugin.Clock, _plugin.Log.Of<SettingsRegister>());
}

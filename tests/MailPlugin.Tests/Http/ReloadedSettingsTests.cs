using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace MailPlugin.Tests.Http;

/// <summary>A file that changes is read again while the host runs; a faulty one changes nothing and is told.</summary>
public sealed class ReloadedSettingsTests : IAsyncLifetime
{
    readonly TempFolder _temp = new();
    ConfigurationManager _configuration = null!;
    PluginHost _host = null!;

    string Appsettings => _temp.Of("appsettings.json");

    string Password => _temp.Of("password");

    public async Task InitializeAsync()
    {
        Write("""{ "SubjectPrefix": "[One]", "Transports": { "primary": { "Smtp": { "Host": "smtp.example.com" } } } }""");
        File.WriteAllText(Password, "first");
        _host = await PluginHost.StartAsync(
            new() { ["Settings:Transports:primary:Smtp:PasswordFile"] = Password },
            configure: configuration => (_configuration = configuration).AddJsonFile(Appsettings, optional: false, reloadOnChange: false));
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _temp.Dispose();
    }

    [Fact]
    public async Task A_new_value_is_in_force_without_a_restart()
    {
        Write("""{ "SubjectPrefix": "[Two]" }""");
        Reload();

        await SeeAsync(settings => settings["subjectPrefix"] == "[Two]", "the new prefix");

        // The transport is the host's no more; its password waits for another to be saved.
        Assert.Equal("[]", (await _host.GetAsync("settings")).Json["transports"]!.ToJsonString());
    }

    [Fact]
    public async Task A_value_that_is_wrong_keeps_the_last_good_one_is_named_and_degrades_health()
    {
        Write("""{ "SubjectPrefix": "[Two]", "Transports": { "primary": { "Smtp": { "Host": "smtp.example.com", "Port": "many" } } } }""");
        Reload();

        await SeeFaultAsync("MailPlugin:Settings:Transports:primary:Smtp:Port must be a whole number");
        Assert.Equal("[One]", (await _host.GetAsync("settings"))["subjectPrefix"]);
        Assert.Contains(_host.Log.Entries, entry => entry.Text.Contains("Smtp:Port must be a whole number", StringComparison.Ordinal));

        Write("""{ "SubjectPrefix": "[Three]" }""");
        Reload();
        await SeeAsync(settings => settings["subjectPrefix"] == "[Three]", "the mended prefix");
        await Eventually.SeeAsync(FaultAsync, fault => fault is null, "health");
    }

    [Theory]
    [InlineData("{ \"MailPlugin\": { \"Settings\": { \"SubjectPrefix\": \"[Tw")]
    [InlineData("")]
    [InlineData(null)]
    public async Task A_file_that_is_broken_half_written_or_gone_unlocks_nothing(string? content)
    {
        if (content is null)
        {
            File.Delete(Appsettings);
        }
        else
        {
            File.WriteAllText(Appsettings, content);
        }

        Reload();

        await SeeFaultAsync("cannot be read");
        var settings = await _host.GetAsync("settings");
        Assert.Equal(("[One]", "smtp.example.com"), (settings["subjectPrefix"], settings.Json["transports"]![0]!["smtp"]!["host"]!.ToString()));
    }

    [Fact]
    public async Task A_secret_file_that_changes_is_noticed_by_itself_and_one_that_is_gone_keeps_the_last()
    {
        await using var server = new RecordingSmtpServer();
        Write($$"""
            { "From": { "Address": "me@example.com" }, "Transports": { "primary": { "Smtp": { "Host": "127.0.0.1", "Port": {{server.Port}}, "Username": "user", "Security": "none", "Auth": "plain", "AllowPlaintextAuth": true, "TimeoutSeconds": 5 } } } }
            """);
        Reload();
        await SeeAsync(settings => settings.Json["transports"]![0]!["smtp"]!["port"]!.GetValue<int>() == server.Port, "the relay");

        // As Kubernetes does it: another file under the same name. Nobody says that the configuration changed.
        var before = Changes();
        File.WriteAllText(_temp.Of("next"), "second-p4ssword\n");
        File.Move(_temp.Of("next"), Password, overwrite: true);
        await Eventually.SeeAsync(() => Changes() > before, "the change of the secret");
        var test = await _host.PostAsync("test", new JsonObject { ["to"] = "a@example.com" });
        Assert.True(test.Status == 200, test.Text);
        Assert.True(server.WasSent("second-p4ssword"));
        Assert.False(server.WasSent("first"));

        File.Delete(Password);
        Reload();
        await SeeFaultAsync("PasswordFile names a file that cannot be read");
        Assert.True((await _host.GetAsync("settings")).Json["transports"]![0]!["smtp"]!["hasPassword"]!.GetValue<bool>());
        Assert.DoesNotContain("second-p4ssword", (await _host.GetAsync("health")).Text, StringComparison.Ordinal);
    }

    int Changes() => _host.Log.Entries.Count(entry => entry.Text.Contains("changed and are in force", StringComparison.Ordinal));

    void Write(string settings) => File.WriteAllText(Appsettings, $$"""{ "MailPlugin": { "Settings": {{settings}} } }""");

    void Reload()
    {
        try
        {
            ((IConfigurationRoot)_configuration).Reload();
        }
        catch (Exception fault) when (fault is InvalidDataException or FormatException or FileNotFoundException)
        {
            // As on a watcher's thread: the values are gone, and whoever called is told.
        }
    }

    Task<Answer> SeeAsync(Func<Answer, bool> isRight, string what) => Eventually.SeeAsync(() => _host.GetAsync("settings"), isRight, what);

    Task<string?> SeeFaultAsync(string text) => Eventually.SeeAsync(FaultAsync, fault => fault?.Contains(text, StringComparison.Ordinal) == true, text);

    async Task<string?> FaultAsync() =>
        (await _host.GetAsync("health")).Json["checks"]!.AsArray().Single(check => check!["name"]!.ToString() == "hostSettings")!["detail"]?.ToString();
}

using System.Net;
using System.Net.Http.Headers;
using MailPlugin.Host.Tests.Guest;
using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Processes;

/// <summary>The built host with the plugin as the build leaves it in <c>plugins/MailPlugin</c>.</summary>
public sealed class MailPluginProcessTests : IDisposable
{
    readonly PluginsFolder _plugins = new();
    readonly TempFolder _temp = new();

    public MailPluginProcessTests() => GuestPlugins.Add(_plugins, "MailPlugin");

    [Fact]
    public async Task The_first_admin_key_opens_the_settings_and_outlives_a_crash()
    {
        var data = Path.Combine(_temp.Path, "data");
        string key;
        await using (var first = await HostProcess.StartAsync(_plugins.Path, data))
        {
            key = (await File.ReadAllTextAsync(Path.Combine(data, "admin-key.txt"))).Trim();
            await first.WaitForOutputAsync(Path.Combine(data, "admin-key.txt"));

            Assert.Equal(HttpStatusCode.Unauthorized, await SettingsAsync(first, "mp_wrong"));
            Assert.Equal(HttpStatusCode.OK, await SettingsAsync(first, key));
            Assert.DoesNotContain(key, first.Output, StringComparison.Ordinal);
            await first.KillAsync();
        }

        await using var second = await HostProcess.StartAsync(_plugins.Path, data);
        Assert.Equal(HttpStatusCode.OK, await SettingsAsync(second, key));
        Assert.Equal(0, await second.StopAsync());
    }

    public void Dispose()
    {
        _plugins.Dispose();
        _temp.Dispose();
    }

    static async Task<HttpStatusCode> SettingsAsync(HostProcess host, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/mail/settings");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await host.Client.SendAsync(request);
        return answer.StatusCode;
    }
}

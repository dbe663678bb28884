using System.Diagnostics;
using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Processes;

public sealed class HostProcessTests : IDisposable
{
    readonly PluginsFolder _plugins = new();
    readonly TempFolder _temp = new();

    [Fact]
    public async Task The_built_host_loads_a_plugin_and_stops_in_order_when_told_to()
    {
        _plugins.Add("GreetingPlugin");
        await using var host = await HostProcess.StartAsync(_plugins.Path, _temp.Path);

        Assert.Equal("Hello from greeting in GreetingPlugin", await host.Client.GetStringAsync("/greeting"));
        Assert.Equal(0, await host.StopAsync());

        await host.WaitForOutputAsync("Greeter stopped");
        Assert.Contains("Plugin Greeting <plugin> 1.0.0 loaded from", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_host_does_nothing_more_and_can_be_started_again()
    {
        _plugins.Add("GreetingPlugin");
        await using (var first = await HostProcess.StartAsync(_plugins.Path, _temp.Path))
        {
            await first.KillAsync();

            Assert.DoesNotContain("Greeter stopped", first.Output, StringComparison.Ordinal);
            await Assert.ThrowsAsync<HttpRequestException>(() => first.Client.GetStringAsync("/greeting"));
        }

        await using var second = await HostProcess.StartAsync(_plugins.Path, _temp.Path);
        Assert.Equal("Hello from greeting in GreetingPlugin", await second.Client.GetStringAsync("/greeting"));
    }

    [Fact]
    public async Task A_host_that_is_let_go_is_gone()
    {
        var host = await HostProcess.StartAsync(_plugins.Path, _temp.Path);
        var id = host.Id;
        await host.DisposeAsync();

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }

    [Fact]
    public async Task A_host_that_cannot_start_is_told_with_what_it_wrote()
    {
        _plugins.Add("FaultyPlugin", manifest: json => json["entryType"] = "FaultyPlugin.ThrowsWhenTheHostStarts");

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => HostProcess.StartAsync(_plugins.Path, _temp.Path));

        Assert.Contains("no start today", thrown.Message, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _plugins.Dispose();
        _temp.Dispose();
    }
}

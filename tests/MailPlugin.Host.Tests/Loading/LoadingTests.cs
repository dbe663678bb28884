using System.Net;
using System.Runtime.Loader;
using MailPlugin.Host.Loading;
using MailPlugin.Host.Tests.Support;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Host.Tests.Loading;

/// <summary>Plugins that are as they should be, in the reference host.</summary>
public sealed class LoadingTests : IDisposable
{
    readonly PluginsFolder _plugins = new();

    [Fact]
    public async Task A_plugin_answers_on_its_route_and_starts_and_stops_with_the_host()
    {
        _plugins.Add("GreetingPlugin", "Any name");
        var host = new HostInProcess(_plugins.Path);
        await using (host)
        {
            Assert.Equal("Hello from greeting in Any name", await host.CreateClient().GetStringAsync("/greeting/"));
            Assert.Contains(host.Log.Entries, entry => entry is { Category: "GreetingPlugin.Greeter", Text: "Greeter started" });
        }

        Assert.Contains(host.Log.Entries, entry => entry is { Category: "GreetingPlugin.Greeter", Text: "Greeter stopped" });
        Assert.Empty(host.Log.Errors);
    }

    [Fact]
    public async Task The_host_says_in_one_line_which_plugin_it_loaded_from_where()
    {
        var folder = _plugins.Add("GreetingPlugin");
        await using var host = new HostInProcess(_plugins.Path);
        host.CreateClient();

        var line = Assert.Single(host.Log.Entries, entry => entry.Category == "MailPlugin.Host.Plugins");

        Assert.Equal(LogLevel.Information, line.Level);
        Assert.Equal($"Plugin Greeting <plugin> 1.0.0 loaded from {folder}", line.Text);
    }

    [Fact]
    public async Task Two_plugins_each_use_their_own_version_of_one_library()
    {
        _plugins.Add("LibraryOnePlugin");
        _plugins.Add("LibraryTwoPlugin");
        await using var host = new HostInProcess(_plugins.Path);
        var client = host.CreateClient();

        Assert.Equal("one of version 1.0.0.0", await client.GetStringAsync("/library-one"));
        Assert.Equal("two of version 2.0.0.0", await client.GetStringAsync("/library-two"));
        Assert.Empty(host.Log.Errors);
        Assert.DoesNotContain(AssemblyLoadContext.Default.Assemblies, assembly => assembly.GetName().Name == "FixtureLibrary");
    }

    [Fact]
    public async Task The_root_page_lists_the_plugins_with_their_pages_encoded()
    {
        _plugins.Add("GreetingPlugin");
        _plugins.Add("FaultyPlugin");
        await using var host = new HostInProcess(_plugins.Path);

        using var answer = await host.CreateClient().GetAsync("/");
        var html = await answer.Content.ReadAsStringAsync();

        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("<li>Greeting &lt;plugin&gt; 1.0.0 &middot; <a href=\"/greeting/\">Say &quot;hello&quot;</a></li>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("Faulty", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_plugins_the_host_starts_and_says_so()
    {
        await using var host = new HostInProcess(_plugins.Path);

        Assert.Contains("No plugin is loaded.", await host.CreateClient().GetStringAsync("/"), StringComparison.Ordinal);
        Assert.StartsWith("No plugin found", Assert.Single(host.Log.Entries, entry => entry.Category == "MailPlugin.Host.Plugins").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plugins_folder_that_is_not_there_is_an_error_and_the_host_starts()
    {
        var missing = Path.Combine(_plugins.Path, "nowhere");
        await using var host = new HostInProcess(missing);

        Assert.Equal(HttpStatusCode.OK, (await host.CreateClient().GetAsync("/")).StatusCode);
        Assert.StartsWith($"The plugin in {missing} was not loaded: the plugins folder cannot be read", Assert.Single(host.Log.Errors).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_host_references_the_contract_and_the_framework_and_nothing_else()
    {
        var framework = FrameworkAssemblies.OfThisProcess();
        var references = typeof(Program).Assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

        Assert.Equal(["MailPlugin.Abstractions"], references.Where(name => !framework.Contains(name)));
    }

    public void Dispose() => _plugins.Dispose();
}

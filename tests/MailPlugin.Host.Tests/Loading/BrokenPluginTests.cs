using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MailPlugin.Host.Tests.Loading;

/// <summary>
/// Each way in which a plugin can be broken costs one error that names its folder and the reason. A good plugin stands beside it in
/// every case, and goes on working.
/// </summary>
public sealed class BrokenPluginTests : IDisposable
{
    readonly PluginsFolder _plugins = new();

    [Fact]
    public async Task A_manifest_that_is_not_JSON()
    {
        var folder = _plugins.Add("GreetingPlugin", "Broken");
        await File.WriteAllTextAsync(Path.Combine(folder, "plugin.json"), "{ \"id\": ");

        await Costs(folder, "plugin.json: is not valid JSON: ");
    }

    [Fact]
    public async Task A_manifest_with_faults_names_all_of_them() =>
        await Costs(
            _plugins.Add("GreetingPlugin", "Broken", json =>
            {
                json["id"] = "Greeting";
                json["colour"] = "red";
            }),
            "plugin.json: id: must be 1 to 64 of a-z, 0-9 and -; colour: is not a known property");

    [Fact]
    public async Task A_manifest_that_names_an_assembly_outside_the_folder() =>
        await Costs(
            _plugins.Add("GreetingPlugin", "Broken", json => json["assembly"] = "../GreetingPlugin/GreetingPlugin.dll"),
            "plugin.json: assembly: must be the plain file name of a .dll in the plugin's folder");

    [Fact]
    public async Task An_assembly_that_is_not_there()
    {
        var folder = _plugins.Add("GreetingPlugin", "Broken", OtherId);
        File.Delete(Path.Combine(folder, "GreetingPlugin.dll"));

        await Costs(folder, "the assembly GreetingPlugin.dll, named by plugin.json, is not in the folder");
    }

    [Fact]
    public async Task A_file_that_is_no_assembly()
    {
        var folder = _plugins.Add("GreetingPlugin", "Broken", OtherId);
        await File.WriteAllTextAsync(Path.Combine(folder, "GreetingPlugin.dll"), "no assembly");

        await Costs(folder, "GreetingPlugin.dll is not a .NET assembly that this process can load");
    }

    [Fact]
    public async Task A_list_of_dependencies_that_cannot_be_read()
    {
        var folder = _plugins.Add("GreetingPlugin", "Broken", OtherId);
        await File.WriteAllTextAsync(Path.Combine(folder, "GreetingPlugin.deps.json"), "{ ");

        await Costs(folder, "GreetingPlugin.dll could not be loaded: InvalidOperationException: ");
    }

    [Fact]
    public async Task A_library_that_is_missing_and_that_only_another_plugin_has()
    {
        _plugins.Add("LibraryTwoPlugin", "Also good");
        var folder = _plugins.Add("LibraryOnePlugin", "Broken");
        File.Delete(Path.Combine(folder, "FixtureLibrary.dll"));

        await Costs(folder, "ConfigureServices of LibraryOnePlugin.Entry threw FileNotFoundException: ", "FixtureLibrary, Version=1.0.0.0");
    }

    [Fact]
    public async Task A_plugin_made_for_another_contract_of_which_nothing_is_run() =>
        await Costs(_plugins.Add("WrongContractPlugin", "Broken"), "it works with contract 2.0 to 2.0, and this host has 1.0");

    [Fact]
    public async Task A_plugin_made_for_a_contract_that_is_gone() =>
        await Costs(
            _plugins.Add("WrongContractPlugin", "Broken", json => (json["minimumContract"], json["maximumContract"]) = ("0.1", "0.99")),
            "it works with contract 0.1 to 0.99, and this host has 1.0");

    [Fact]
    public async Task An_id_that_is_taken_goes_to_the_first_folder_by_name()
    {
        var folder = _plugins.Add("FaultyPlugin", "Z later", json => json["id"] = "greeting");

        await Costs(folder, "the id greeting is already taken by the plugin in ", Path.Combine(_plugins.Path, "GreetingPlugin"));
    }

    [Fact]
    public async Task An_entry_type_that_is_not_there() =>
        await Costs(Faulty("Nowhere"), "FaultyPlugin.dll has no type FaultyPlugin.Nowhere");

    [Fact]
    public async Task An_entry_type_that_is_no_plugin() =>
        await Costs(Faulty("IsNoPlugin"), "FaultyPlugin.IsNoPlugin does not implement IHostPlugin");

    [Fact]
    public async Task An_entry_type_that_is_not_public() =>
        await Costs(Faulty("IsNotPublic"), "FaultyPlugin.IsNotPublic is not public");

    [Theory]
    [InlineData("HasNoUsableConstructor")]
    [InlineData("Quiet")]
    public async Task An_entry_type_that_cannot_be_made(string type) =>
        await Costs(Faulty(type), $"FaultyPlugin.{type} has no public constructor without parameters");

    [Fact]
    public async Task A_constructor_that_throws() =>
        await Costs(Faulty("ThrowsInConstructor"), "the constructor of FaultyPlugin.ThrowsInConstructor threw InvalidOperationException: no constructor today");

    [Fact]
    public async Task A_type_initializer_that_throws_is_told_by_its_cause() =>
        await Costs(Faulty("ThrowsInTypeInitializer"), "the constructor of FaultyPlugin.ThrowsInTypeInitializer threw InvalidOperationException: no type today");

    [Fact]
    public async Task A_ConfigureServices_that_throws() =>
        await Costs(Faulty("ThrowsInConfigureServices"), "ConfigureServices of FaultyPlugin.ThrowsInConfigureServices threw InvalidOperationException: no services today");

    [Fact]
    public async Task What_a_plugin_did_before_it_threw_is_taken_back()
    {
        Faulty("ThrowsInConfigureServices");
        var registered = Array.Empty<string>();
        await using var host = new HostInProcess(_plugins.Path).WithWebHostBuilder(builder =>
            builder.ConfigureServices(services => registered = [.. services.Select(service => service.ServiceType.FullName!)]));
        host.CreateClient();

        Assert.NotNull(host.Services.GetRequiredService<IHostEnvironment>());
        Assert.Contains(typeof(IHostEnvironment).FullName!, registered);
        Assert.DoesNotContain("FaultyPlugin.LeftBehind", registered);
    }

    [Fact]
    public async Task Every_broken_plugin_has_its_own_error()
    {
        Faulty("ThrowsInConstructor");
        _plugins.Add("WrongContractPlugin", "Another");
        _plugins.Add("GreetingPlugin", "Good");
        await using var host = new HostInProcess(_plugins.Path);

        Assert.Equal("Hello from greeting in Good", await host.CreateClient().GetStringAsync("/greeting"));
        Assert.Equal(2, host.Log.Errors.Count);
    }

    public void Dispose() => _plugins.Dispose();

    static void OtherId(JsonObject json) => json["id"] = "broken";

    string Faulty(string type) => _plugins.Add("FaultyPlugin", "Broken", json => json["entryType"] = $"FaultyPlugin.{type}");

    async Task Costs(string folder, params string[] reason)
    {
        _plugins.Add("GreetingPlugin");
        await using var host = new HostInProcess(_plugins.Path);

        Assert.Equal("Hello from greeting in GreetingPlugin", await host.CreateClient().GetStringAsync("/greeting"));
        var error = Assert.Single(host.Log.Errors);
        Assert.StartsWith($"The plugin in {folder} was not loaded: {reason[0]}", error.Text, StringComparison.Ordinal);
        Assert.All(reason, part => Assert.Contains(part, error.Text, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', error.Text);
    }
}

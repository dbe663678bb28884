using MailPlugin.Host.Loading;
using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Loading;

public sealed class PluginCatalogTests : IDisposable
{
    readonly TempFolder _temp = new();

    [Fact]
    public void The_plugins_folder_is_in_the_content_root()
    {
        var plugins = _temp.Make("app", "plugins");
        _temp.Make("plugins");

        Assert.Equal(plugins, PluginCatalog.FindRoot(_temp.Make("app"), configured: null));
    }

    [Fact]
    public void Else_it_is_in_the_nearest_ancestor_that_has_one()
    {
        _temp.Make("plugins");
        var nearest = _temp.Make("repository", "plugins");

        Assert.Equal(nearest, PluginCatalog.FindRoot(_temp.Make("repository", "src", "Host"), configured: null));
    }

    [Fact]
    public void A_file_called_plugins_is_not_a_plugins_folder()
    {
        var plugins = _temp.Make("plugins");
        _temp.Write("app/plugins", "a file");

        Assert.Equal(plugins, PluginCatalog.FindRoot(_temp.Make("app"), configured: null));
    }

    [Fact]
    public void A_configured_path_wins_and_is_relative_to_the_content_root()
    {
        var app = _temp.Make("app");
        _temp.Make("app", "plugins");

        Assert.Equal(Path.Combine(_temp.Path, "elsewhere"), PluginCatalog.FindRoot(app, "../elsewhere"));
        Assert.Equal("/srv/plugins", PluginCatalog.FindRoot(app, "/srv/plugins"));
    }

    [Fact]
    public void Folders_with_a_manifest_come_in_the_order_of_their_names()
    {
        _temp.Write("plugins/b/plugin.json", "{}");
        _temp.Write("plugins/a/plugin.json", "{}");
        _temp.Write("plugins/B/plugin.json", "{}");
        _temp.Write("plugins/README.md", "not a folder");
        _temp.Write("plugins/c/readme.txt", "no manifest");
        _temp.Write("plugins/d/plugin.json/x", "a folder called plugin.json");
        _temp.Write("plugins/e/deeper/plugin.json", "too deep");

        Assert.Equal(["B", "a", "b"], PluginCatalog.FindPlugins(Path.Combine(_temp.Path, "plugins")).Select(Path.GetFileName));
    }

    public void Dispose() => _temp.Dispose();
}

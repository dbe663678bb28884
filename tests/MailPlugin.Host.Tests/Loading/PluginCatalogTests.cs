using MailPlugin.Host.Loading;
using MailPlugin.Host.Tests.Support;

namespace MailPlugin.Host.Tests.Loading;

public sealed class PluginCatalogTests : IDisposable
{
    readonly TempFolder temp = new();

    [Fact]
    public void The_plugins_folder_is_in_the_content_root()
    {
        var plugins = temp.Make("app", "plugins");
        temp.Make("plugins");

        Assert.Equal(plugins, PluginCatalog.FindRoot(temp.Make("app"), configured: null));
    }

    [Fact]
    public void Else_it_is_in_the_nearest_ancestor_that_has_one()
    {
        temp.Make("plugins");
        var nearest = temp.Make("repository", "plugins");

        Assert.Equal(nearest, PluginCatalog.FindRoot(temp.Make("repository", "src", "Host"), configured: null));
    }

    [Fact]
    public void A_file_called_plugins_is_not_a_plugins_folder()
    {
        var plugins = temp.Make("plugins");
        temp.Write("app/plugins", "a file");

        Assert.Equal(plugins, PluginCatalog.FindRoot(temp.Make("app"), configured: null));
    }

    [Fact]
    public void A_configured_path_wins_and_is_relative_to_the_content_root()
    {
        var app = temp.Make("app");
        temp.Make("app", "plugins");

        Assert.Equal(Path.Combine(temp.Path, "elsewhere"), PluginCatalog.FindRoot(app, "../elsewhere"));
        Assert.Equal("/srv/plugins", PluginCatalog.FindRoot(app, "/srv/plugins"));
    }

    [Fact]
    public void Folders_with_a_manifest_come_in_the_order_of_their_names()
    {
        temp.Write("plugins/b/plugin.json", "{}");
        temp.Write("plugins/a/plugin.json", "{}");
        temp.Write("plugins/B/plugin.json", "{}");
        temp.Write("plugins/README.md", "not a folder");
        temp.Write("plugins/c/readme.txt", "no manifest");
        temp.Write("plugins/d/plugin.json/x", "a folder called plugin.json");
        temp.Write("plugins/e/deeper/plugin.json", "too deep");

        Assert.Equal(["B", "a", "b"], PluginCatalog.FindPlugins(Path.Combine(temp.Path, "plugins")).Select(Path.GetFileName));
    }

    public void Dispose() => temp.Dispose();
}

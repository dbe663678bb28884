using System.Reflection;
using System.Runtime.Loader;
using MailPlugin.Abstractions;
using MailPlugin.Host.Loading;
using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Host.Tests.Loading;

public sealed class PluginLoadContextTests : IDisposable
{
    readonly PluginsFolder _plugins = new();

    [Fact]
    public void A_plugin_lives_in_a_context_of_its_own_and_implements_the_hosts_contract()
    {
        var greeting = Load(_plugins.Add("GreetingPlugin"));

        Assert.IsType<PluginLoadContext>(AssemblyLoadContext.GetLoadContext(greeting));
        Assert.True(typeof(IHostPlugin).IsAssignableFrom(greeting.GetType("GreetingPlugin.Entry")));
    }

    [Fact]
    public void The_framework_is_shared()
    {
        var context = AssemblyLoadContext.GetLoadContext(Load(_plugins.Add("GreetingPlugin")))!;

        foreach (var type in new[] { typeof(object), typeof(ILogger), typeof(WebApplication), typeof(System.Text.Json.JsonDocument) })
        {
            Assert.Same(type.Assembly, context.LoadFromAssemblyName(type.Assembly.GetName()));
        }
    }

    [Fact]
    public void A_copy_of_the_framework_or_the_contract_in_the_plugins_folder_is_not_used()
    {
        var folder = _plugins.Add("GreetingPlugin");
        foreach (var shared in new[] { typeof(ILogger).Assembly, typeof(IHostPlugin).Assembly })
        {
            File.Copy(shared.Location, Path.Combine(folder, Path.GetFileName(shared.Location)));
        }

        // Without it the resolver answers for every file of the folder, and would offer these two.
        File.Delete(Path.Combine(folder, "GreetingPlugin.deps.json"));
        var context = AssemblyLoadContext.GetLoadContext(Load(folder))!;

        Assert.Same(typeof(ILogger).Assembly, context.LoadFromAssemblyName(typeof(ILogger).Assembly.GetName()));
        Assert.Same(typeof(IHostPlugin).Assembly, context.LoadFromAssemblyName(typeof(IHostPlugin).Assembly.GetName()));
        Assert.DoesNotContain(context.Assemblies, assembly => assembly.GetName().Name != "GreetingPlugin");
    }

    [Fact]
    public void The_hosts_own_packages_do_not_leak_into_a_plugin()
    {
        // xunit.assert is to this process what any package is to a host: beside the host, known to the default context.
        var package = typeof(Assert).Assembly;
        Assert.Same(package, AssemblyLoadContext.Default.LoadFromAssemblyName(package.GetName()));
        var greeting = Load(_plugins.Add("GreetingPlugin"));
        var context = AssemblyLoadContext.GetLoadContext(greeting)!;

        var thrown = Assert.ThrowsAny<IOException>(() => context.LoadFromAssemblyName(package.GetName()));
        Assert.Contains("neither part of the framework nor in the folder of plugin", thrown.ToString(), StringComparison.Ordinal);
        Assert.Null(Find(greeting, typeof(Assert).AssemblyQualifiedName!));
        Assert.Null(Find(greeting, "MailPlugin.Host.RootPage, MailPlugin.Host"));
    }

    [Fact]
    public void A_plugin_that_looks_for_an_optional_library_learns_that_it_is_not_there()
    {
        var greeting = Load(_plugins.Add("GreetingPlugin"));

        Assert.Null(Find(greeting, "Optional.Feature, Optional"));
        Assert.Equal(typeof(ILogger), Find(greeting, typeof(ILogger).AssemblyQualifiedName!));
    }

    [Fact]
    public void Texts_in_another_language_may_be_missing()
    {
        var context = AssemblyLoadContext.GetLoadContext(Load(_plugins.Add("GreetingPlugin")))!;
        var satellite = new AssemblyName("GreetingPlugin.resources") { CultureName = "zh-CN" };

        Assert.Throws<FileNotFoundException>(() => context.LoadFromAssemblyName(satellite));
    }

    [Fact]
    public void A_framework_is_what_lies_in_the_shared_folder_and_nothing_beside_the_host()
    {
        using var temp = new TempFolder();
        var core = temp.Write("dotnet/shared/Core.App/10.0.1/System.Runtime.dll", "");
        var web = temp.Write("dotnet/shared/Web.App/10.0.2/Web.Core.dll", "");
        temp.Write("dotnet/shared/Web.App/10.0.2/Overridden.dll", "");
        var overriding = temp.Write("app/Overridden.dll", "");
        var package = temp.Write("app/Package.dll", "");
        var misleading = temp.Write("app/shared/Core.App/10.0.1/Vendored.dll", "");

        var framework = FrameworkAssemblies.From(
            string.Join(Path.PathSeparator, core, web, overriding, package, misleading),
            Path.GetDirectoryName(core) + Path.DirectorySeparatorChar);

        Assert.True(framework.Contains("System.Runtime"));
        Assert.True(framework.Contains("web.core"));
        Assert.True(framework.Contains("Overridden"));
        Assert.False(framework.Contains("Package"));
        Assert.False(framework.Contains("Vendored"));
    }

    [Fact]
    public void A_self_contained_host_is_told_that_it_cannot_load_plugins()
    {
        using var temp = new TempFolder();
        var everything = temp.Write("app/System.Runtime.dll", "");

        Assert.Throws<InvalidOperationException>(() => FrameworkAssemblies.From(everything, Path.GetDirectoryName(everything)!));
    }

    public void Dispose() => _plugins.Dispose();

    static Assembly Load(string folder)
    {
        var path = Path.Combine(folder, "GreetingPlugin.dll");
        return new PluginLoadContext("greeting", path, FrameworkAssemblies.OfThisProcess()).LoadFromAssemblyPath(path);
    }

    static Type? Find(Assembly greeting, string name) =>
        (Type?)greeting.GetType("GreetingPlugin.Probe", throwOnError: true)!.GetMethod("FindType")!.Invoke(null, [name]);
}

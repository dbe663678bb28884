using System.Reflection;
using System.Runtime.Loader;
using MailPlugin.Abstractions;

namespace MailPlugin.Host.Loading;

/// <summary>
/// One plugin's view of the world. A plugin sees the shared framework, MailPlugin.Abstractions and what lies in its own folder, and
/// nothing else: not the host's packages, not another plugin's.
/// </summary>
/// <remarks>
/// <para>Three rules, in this order:</para>
/// <list type="number">
/// <item>MailPlugin.Abstractions is the host's copy, even where the plugin's folder has one: an <see cref="IHostPlugin"/> of another copy
/// would be another type.</item>
/// <item>A name that the shared framework has is the framework's, for the same reason: loggers, services and HTTP types cross the border.</item>
/// <item>Everything else is what the plugin's own <c>.deps.json</c> says, from its own folder, in its own version.</item>
/// </list>
/// <para>
/// What none of them finds is an error here and now. Answering null, as is usual, would send the runtime to the default context, where
/// the host's packages are: a plugin that forgot a library would run on the host's version until the host changes it.
/// </para>
/// <para>Contexts are not collectible: a plugin stays until the process ends.</para>
/// </remarks>
internal sealed class PluginLoadContext : AssemblyLoadContext
{
    static readonly Assembly Contract = typeof(IHostPlugin).Assembly;

    readonly AssemblyDependencyResolver _resolver;
    readonly FrameworkAssemblies _framework;

    /// <exception cref="InvalidOperationException">The plugin's <c>.deps.json</c> cannot be used.</exception>
    public PluginLoadContext(string name, string assemblyPath, FrameworkAssemblies framework)
        : base(name)
    {
        _framework = framework;
        _resolver = new AssemblyDependencyResolver(assemblyPath);
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var name = assemblyName.Name ?? "";
        if (string.Equals(name, Contract.GetName().Name, StringComparison.OrdinalIgnoreCase))
        {
            return Contract;
        }

        if (_framework.Contains(name))
        {
            return null;
        }

        return _resolver.ResolveAssemblyToPath(assemblyName) is { } path
            ? LoadFromAssemblyPath(path)
            : throw new FileNotFoundException($"{assemblyName.FullName} is neither part of the framework nor in the folder of plugin {Name}.", name);
    }

    // Zero means: as the system finds it. Native libraries of the system (SQLite) are meant to be found that way.
    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path ? LoadUnmanagedDllFromPath(path) : 0;
}

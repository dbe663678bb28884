using System.Runtime.InteropServices;

namespace MailPlugin.Host.Loading;

/// <summary>
/// The names of the assemblies that the shared frameworks of this process bring (Microsoft.NETCore.App, Microsoft.AspNetCore.App …).
/// </summary>
/// <remarks>
/// Decided by name, from the frameworks' folders. Asking the default context whether it can load a name would say yes to the host's
/// own packages too, and the plugin would get the host's version of a library instead of the one it was built with. A framework
/// assembly that the host overrides with a newer copy still counts: its types must be the same on both sides.
/// </remarks>
internal sealed class FrameworkAssemblies
{
    readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    FrameworkAssemblies(IEnumerable<string> folders)
    {
        foreach (var folder in folders)
        {
            _names.UnionWith(Directory.EnumerateFiles(folder, "*.dll").Select(file => Path.GetFileNameWithoutExtension(file)));
        }
    }

    public bool Contains(string name) => _names.Contains(name);

    /// <exception cref="InvalidOperationException">The host was published self-contained: its folder and the framework's are one.</exception>
    public static FrameworkAssemblies OfThisProcess() =>
        From(AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "", RuntimeEnvironment.GetRuntimeDirectory());

    internal static FrameworkAssemblies From(string trustedAssemblies, string runtimeFolder)
    {
        // <dotnet root>/shared/<framework>/<version>/: whatever else lies under the same "shared" is a framework as well.
        var shared = Directory.GetParent(Path.TrimEndingDirectorySeparator(runtimeFolder))?.Parent;
        var folders = trustedAssemblies.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(file => Path.GetDirectoryName(file)!)
            .Distinct()
            .Where(folder => shared is { Name: "shared" } && Directory.GetParent(folder)?.Parent?.FullName == shared.FullName)
            .ToArray();
        return folders.Length > 0
            ? new FrameworkAssemblies(folders)
            : throw new InvalidOperationException("plugins need a host that runs on an installed shared framework; this one is self-contained");
    }
}

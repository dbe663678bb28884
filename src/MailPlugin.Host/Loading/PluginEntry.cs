using System.Reflection;
using MailPlugin.Abstractions;

namespace MailPlugin.Host.Loading;

/// <summary>Makes the object that a manifest's <c>entryType</c> names; each way in which that can fail has its own sentence.</summary>
internal static class PluginEntry
{
    /// <exception cref="PluginRefusedException">Names what is wrong.</exception>
    public static IHostPlugin Create(PluginManifest manifest, string folder, FrameworkAssemblies framework)
    {
        var path = Path.Combine(folder, manifest.Assembly);
        if (!File.Exists(path))
        {
            throw new PluginRefusedException($"the assembly {manifest.Assembly}, named by plugin.json, is not in the folder");
        }

        var type = FindType(LoadAssembly(manifest, path, framework), manifest);
        try
        {
            return (IHostPlugin)Activator.CreateInstance(type, BindingFlags.DoNotWrapExceptions | BindingFlags.Public | BindingFlags.Instance, null, null, null)!;
        }
        catch (Exception e)
        {
            throw new PluginRefusedException($"the constructor of {manifest.EntryType} threw {Describe(e)}", e);
        }
    }

    /// <summary>Type and text of the exception that says most; a failed static constructor hides its cause behind another one.</summary>
    public static string Describe(Exception e)
    {
        var telling = e is TypeInitializationException or TargetInvocationException && e.InnerException is { } inner ? inner : e;
        return $"{telling.GetType().Name}: {telling.Message.ReplaceLineEndings(" ")}";
    }

    static Assembly LoadAssembly(PluginManifest manifest, string path, FrameworkAssemblies framework)
    {
        try
        {
            return new PluginLoadContext(manifest.Id, path, framework).LoadFromAssemblyPath(path);
        }
        catch (BadImageFormatException e)
        {
            throw new PluginRefusedException($"{manifest.Assembly} is not a .NET assembly that this process can load", e);
        }
        catch (Exception e)
        {
            throw new PluginRefusedException($"{manifest.Assembly} could not be loaded: {Describe(e)}", e);
        }
    }

    static Type FindType(Assembly assembly, PluginManifest manifest)
    {
        Type? type;
        try
        {
            type = assembly.GetType(manifest.EntryType, throwOnError: false);
        }
        catch (Exception e)
        {
            throw new PluginRefusedException($"the type {manifest.EntryType} could not be loaded: {Describe(e)}", e);
        }

        return type switch
        {
            null => throw new PluginRefusedException($"{manifest.Assembly} has no type {manifest.EntryType}"),
            _ when !typeof(IHostPlugin).IsAssignableFrom(type) => throw new PluginRefusedException($"{manifest.EntryType} does not implement {nameof(IHostPlugin)}"),
            { IsVisible: false } => throw new PluginRefusedException($"{manifest.EntryType} is not public"),
            _ when type.IsAbstract || type.GetConstructor(Type.EmptyTypes) is null =>
                throw new PluginRefusedException($"{manifest.EntryType} has no public constructor without parameters"),
            _ => type,
        };
    }
}

namespace GreetingPlugin;

/// <summary>Asks the runtime from inside the plugin, so that the plugin's load context answers.</summary>
public static class Probe
{
    public static Type? FindType(string assemblyQualifiedName) => Type.GetType(assemblyQualifiedName, throwOnError: false);
}

using System.Reflection;

namespace MailPlugin;

internal static class ProductVersion
{
    /// <summary>As the manifest says it; the build writes it into the assembly.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";
}

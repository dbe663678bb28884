using System.Reflection;
using MailPlugin.Settings;

namespace MailPlugin.Transports.Php;

/// <summary>The scripts that PHP runs. They lie beside the assembly, as safe as it is; what they work on comes by standard input.</summary>
internal static class PhpScript
{
    public static string Mail { get; } = Beside("mail.php");

    public static string Inspect { get; } = Beside("inspect.php");

    /// <summary>What PHP is called with to run a script.</summary>
    public static IReadOnlyList<string> Arguments(PhpSettings php, string script) => php.IniFile is { } ini ? ["-c", ini, "-f", script] : ["-f", script];

    static string Beside(string name) => Path.Combine(Path.GetDirectoryName(Assembly.GetExecutingAssembly().Location) ?? "/", name);
}

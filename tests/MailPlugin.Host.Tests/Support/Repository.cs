namespace MailPlugin.Host.Tests.Support;

/// <summary>Where things are in the working copy, found from where this assembly was built to.</summary>
internal static class Repository
{
    // …/tests/MailPlugin.Host.Tests/bin/<configuration>/<framework>/
    static readonly DirectoryInfo Output = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    public static string Root { get; } = FindRoot();

    /// <summary>The build output of a project, in the configuration in which the tests themselves were built.</summary>
    public static string OutputOf(params string[] project) =>
        Path.Combine([Root, .. project, "bin", Output.Parent!.Name, Output.Name]);

    public static string Fixture(string name) => OutputOf("tests", "Fixtures", name);

    /// <summary>The real plugin as the build leaves it for the host.</summary>
    public static string MailPlugin { get; } = Path.Combine(Root, "plugins", "MailPlugin");

    static string FindRoot()
    {
        for (var folder = Output; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MailPlugin.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"MailPlugin.sln is in no folder above {Output.FullName}.");
    }
}

namespace MailPlugin.Benchmarks;

/// <summary>Where things are in the working copy, found from where this assembly was built to.</summary>
internal static class Repository
{
    static readonly DirectoryInfo Output = new(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    public static string Root { get; } = FindRoot();

    public static string Plugins => Path.Combine(Root, "plugins");

    /// <summary>The reference host, built in the configuration of this program.</summary>
    public static string Host => Path.Combine(Root, "src", "MailPlugin.Host", "bin", Output.Parent!.Name, Output.Name, "MailPlugin.Host.dll");

    /// <summary>Where prepare.sh puts what the programs are compared with.</summary>
    public static string Load => Path.Combine(Root, "tests", ".bed", "load");

    static string FindRoot()
    {
        for (var folder = Output; folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MailPlugin.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("MailPlugin.sln is in no folder above this program.");
    }
}

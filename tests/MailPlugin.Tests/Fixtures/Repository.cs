namespace MailPlugin.Tests.Fixtures;

/// <summary>Where the working copy is, found from where this assembly was built to.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MailPlugin.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"MailPlugin.sln is in no folder above {AppContext.BaseDirectory}.");
    }
}

namespace MailPlugin.Tests.Http.OpenApi;

/// <summary>The repository that these tests were built from.</summary>
internal static class SourceRoot
{
    public static string Path { get; } = Find();

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "MailPlugin.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("MailPlugin.sln is in no folder above the tests.");
    }
}

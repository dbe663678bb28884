namespace MailPlugin.TestBed;

/// <summary><c>tests/.bed</c>, the folder git ignores: servers that cannot be installed beside each other are unpacked there.</summary>
static class BedFolder
{
    static readonly Lazy<string> Root = new(Find);

    public static string Of(string path) => Path.Combine(Root.Value, path);

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MailPlugin.sln")))
            {
                return Path.Combine(folder.FullName, "tests", ".bed");
            }
        }

        return Path.Combine(AppContext.BaseDirectory, ".bed");
    }
}

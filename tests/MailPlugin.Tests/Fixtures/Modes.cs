namespace MailPlugin.Tests.Fixtures;

/// <summary>Who may read what: asked where there are file modes.</summary>
internal static class Modes
{
    public static void AreOnlyTheOwners(IEnumerable<string> files) => Assert.All(files, IsOnlyTheOwners);

    /// <summary>0600 for a file, 0700 for a folder.</summary>
    public static void IsOnlyTheOwners(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            var file = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Assert.Equal(Directory.Exists(path) ? file | UnixFileMode.UserExecute : file, File.GetUnixFileMode(path));
        }
    }

    public static void OpenToAll(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        }
    }
}

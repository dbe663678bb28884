using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Support;

internal static class MadeFolders
{
    /// <summary>Makes a folder below, with those above it, and gives its path.</summary>
    public static string Make(this TempFolder folder, params string[] parts) => Directory.CreateDirectory(Path.Combine([folder.Path, .. parts])).FullName;
}

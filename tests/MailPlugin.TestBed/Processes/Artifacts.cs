namespace MailPlugin.TestBed;

/// <summary><c>artifacts</c> at the top of the repository, which git ignores: pictures and reports that a person looks at afterwards.</summary>
public static class Artifacts
{
    /// <summary>The path of a file there; its folders are made.</summary>
    public static string Of(string name)
    {
        var path = Path.GetFullPath(Path.Combine(BedFolder.Of("../../artifacts"), name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }
}

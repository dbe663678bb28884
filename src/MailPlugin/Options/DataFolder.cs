using System.Text;

namespace MailPlugin.Options;

/// <summary>The folder for database, keys and logs: 0700, its files 0600.</summary>
internal sealed class DataFolder
{
    const UnixFileMode PrivateFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode PrivateFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public DataFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        try
        {
            Create(Path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOptionException("Data", $"cannot be used as a folder: {fault.Message}");
        }
    }

    public string Path { get; }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>A folder below, private like this one.</summary>
    public string Folder(string name)
    {
        var folder = PathOf(name);
        Create(folder);
        return folder;
    }

    /// <summary>Writes a file that only the host's user can read: whole and on disk, or not at all.</summary>
    public void WritePrivate(string name, string text)
    {
        var file = PathOf(name);
        var draft = file + ".new";
        File.Delete(draft);
        using (var stream = new FileStream(draft, PrivateOptions()))
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, file, overwrite: true);
    }

    static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, PrivateFolder);
        if (File.GetUnixFileMode(folder) != PrivateFolder)
        {
            File.SetUnixFileMode(folder, PrivateFolder);
        }
    }

    static FileStreamOptions PrivateOptions()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = PrivateFile;
        }

        return options;
    }
}

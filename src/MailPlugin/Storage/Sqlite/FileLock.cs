using System.Globalization;
using System.Text;

namespace MailPlugin.Storage.Sqlite;

/// <summary>Keeps a second process away from a database: two would each free the other's leases and send its messages again. The system lets go of it when the process ends, however it ends.</summary>
internal sealed class FileLock : IDisposable
{
    readonly FileStream _file;

    FileLock(FileStream file) => _file = file;

    /// <exception cref="DatabaseUnavailableException">Someone else holds it; says who, as far as can be known.</exception>
    public static FileLock Take(string database)
    {
        var name = database + ".lock";
        try
        {
            var file = new FileStream(name, Options(FileMode.OpenOrCreate));
            Sign(database);
            return new(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseUnavailableException($"{database} is in use by another process{Holder(database)}. Each process needs a data folder of its own.", fault);
        }
    }

    public void Dispose() => _file.Dispose();

    // Beside the lock, not in it: on Unix a locked file cannot be opened for reading either.
    static string OwnerOf(string database) => database + ".owner";

    static void Sign(string database)
    {
        try
        {
            using var file = new FileStream(OwnerOf(database), Options(FileMode.Create));
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The lock is what counts.
        }
    }

    static string Holder(string database)
    {
        try
        {
            return File.ReadAllText(OwnerOf(database)) is { Length: > 0 } process ? $" (process {process})" : "";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}

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
        try
        {
            var file = new FileStream(database + ".lock", Private(FileMode.OpenOrCreate, FileShare.None));
            TellHolder(database);
            return new(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseUnavailableException($"{database} is in use by another process{Holder(database)}. Each process needs a data folder of its own.", fault);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>In a file of its own: the locked one can be read by nobody else.</summary>
    static void TellHolder(string database)
    {
        try
        {
            using var file = new FileStream(database + ".pid", Private(FileMode.Create, FileShare.Read));
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A full disk, say: the lock is what counts, and it is held.
        }
    }

    static string Holder(string database)
    {
        try
        {
            return File.ReadAllText(database + ".pid") is { Length: > 0 } process ? $" (process {process})" : "";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    static FileStreamOptions Private(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }
}

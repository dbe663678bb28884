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
            var file = new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
            return new(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DatabaseUnavailableException($"{database} is in use by another process{Holder(name)}. Each process needs a data folder of its own.", fault);
        }
    }

    public void Dispose() => _file.Dispose();

    static string Holder(string name)
    {
        try
        {
            using var file = new FileStream(name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> text = stackalloc byte[20];
            var length = file.Read(text);
            return length > 0 ? $" (process {Encoding.ASCII.GetString(text[..length])})" : "";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

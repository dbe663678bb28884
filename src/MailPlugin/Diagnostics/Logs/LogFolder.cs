using System.Globalization;
using MailPlugin.Options;

namespace MailPlugin.Diagnostics.Logs;

/// <summary>The log's files as they lie in their folder. Only what it lists is ever opened, so that no name from outside becomes a path.</summary>
internal sealed class LogFolder(DataFolder data)
{
    readonly DirectoryInfo _folder = new(data.Folder("logs"));

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<LogFile> Files() =>
        [.. _folder.EnumerateFiles(LogFiles.Pattern).Select(LogFile.Of).OfType<LogFile>().OrderBy(file => file.Order)];

    /// <summary>Null when there is none of this name.</summary>
    public LogFile? Find(string name) => Files().FirstOrDefault(file => file.Name == name);

    /// <summary>Null when the file went in between: the oldest are removed as new ones begin.</summary>
    public FileStream? TryOpen(string name)
    {
        try
        {
            return new(Path.Combine(_folder.FullName, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}

/// <param name="Name">Such as <c>mail-20261121_001.log</c>.</param>
/// <param name="Size">In bytes.</param>
/// <param name="UpdatedAt">When it was last written to.</param>
internal sealed record LogFile(string Name, long Size, DateTimeOffset UpdatedAt)
{
    public LogOrder Order { get; } = LogOrder.Of(Name);

    /// <summary>Null when it went in between, or is a link to somewhere else.</summary>
    public static LogFile? Of(FileInfo file)
    {
        try
        {
            return file.LinkTarget is null ? new(file.Name, file.Length, file.LastWriteTimeUtc) : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>By day, then by number: <c>mail-20261121.log</c>, <c>mail-20261121_001.log</c>, …, which grows to four digits after 999.</summary>
internal readonly record struct LogOrder(string Day, int Number) : IComparable<LogOrder>
{
    public static LogOrder Of(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var bar = name.IndexOf('_', StringComparison.Ordinal);
        return bar > 0 && int.TryParse(name.AsSpan(bar + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? new(name[..bar], number) : new(name, 0);
    }

    public int CompareTo(LogOrder other) => string.CompareOrdinal(Day, other.Day) is var days and not 0 ? days : Number.CompareTo(other.Number);
}

using System.Buffers;
using System.Globalization;
using MailPlugin.Options;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Logs;

/// <summary>Reads the log files from their end, so that the newest page costs the same however large they are.</summary>
internal sealed class LogReader(DataFolder data)
{
    const int Block = 64 * 1024;

    /// <summary>A filter that matches little must not read for ever: it answers with what it has found so far and where to go on.</summary>
    const long MaxScan = 64 * 1024 * 1024;

    /// <summary>A line longer than this is not ours.</summary>
    const int MaxLine = 1024 * 1024;

    readonly string _folder = data.Folder("logs");

    /// <param name="place">Where to go on, from an earlier page; null is the end of the newest file.</param>
    /// <param name="limit">How many entries at most.</param>
    /// <param name="matches">Which entries are wanted.</param>
    public (IReadOnlyList<LogLine> Lines, LogPlace? Next) Read(LogPlace? place, int limit, Func<LogLine, bool> matches)
    {
        var found = new List<LogLine>(limit);
        var budget = MaxScan;
        foreach (var file in FilesFrom(place))
        {
            var name = Path.GetFileName(file);
            using var stream = TryOpen(file);
            if (stream is null)
            {
                continue;
            }

            var end = place?.File == name ? Math.Min(place.Offset, stream.Length) : stream.Length;
            var read = end;
            foreach (var (start, line) in LinesBackwards(stream, end))
            {
                budget -= read - start;
                read = start;
                if (LogLine.Parse(line.Span) is { } entry && matches(entry))
                {
                    found.Add(entry);
                }

                if (found.Count == limit || budget <= 0)
                {
                    return (found, new(name, start));
                }
            }
        }

        return (found, null);
    }

    /// <summary>Null when the file went in between: the oldest are removed as new ones begin.</summary>
    static FileStream? TryOpen(string file)
    {
        try
        {
            return new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    IEnumerable<string> FilesFrom(LogPlace? place) =>
        Directory.EnumerateFiles(_folder, LogFiles.Pattern)
            .OrderByDescending(file => OrderOf(Path.GetFileName(file)))
            .Where(file => place is null || OrderOf(Path.GetFileName(file)).CompareTo(OrderOf(place.File)) <= 0);

    /// <summary>By day, then by number: <c>mail-20261121.log</c>, <c>mail-20261121_001.log</c>, …, which grows to four digits after 999.</summary>
    static (string Day, int Number) OrderOf(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        var bar = name.IndexOf('_', StringComparison.Ordinal);
        return bar > 0 && int.TryParse(name.AsSpan(bar + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (name[..bar], number) : (name, 0);
    }

    static IEnumerable<(long Start, ReadOnlyMemory<byte> Line)> LinesBackwards(FileStream stream, long end)
    {
        // What was read of the file, and where it begins; lines are cut off its end.
        var tail = new byte[Block * 2];
        var (length, start) = (0, end);
        while (true)
        {
            var newline = tail.AsSpan(0, Math.Max(0, length - 1)).LastIndexOf((byte)'\n');
            if (newline >= 0)
            {
                var line = tail.AsMemory(newline + 1, length - newline - 1);
                yield return (start + newline + 1, line.Span is [.., (byte)'\n'] ? line[..^1] : line);
                length = newline + 1;
                continue;
            }

            if (start == 0)
            {
                if (length > 0)
                {
                    yield return (0, tail.AsMemory(0, tail[length - 1] == '\n' ? length - 1 : length));
                }

                yield break;
            }

            if (length > MaxLine)
            {
                length = 0;
            }

            var count = (int)Math.Min(Block, start);
            if (length + count > tail.Length)
            {
                Array.Resize(ref tail, (length + count) * 2);
            }

            tail.AsSpan(0, length).CopyTo(tail.AsSpan(count));
            start -= count;
            stream.Position = start;
            stream.ReadExactly(tail, 0, count);
            length += count;
        }
    }
}

/// <summary>A place in the log, between two entries.</summary>
internal sealed record LogPlace(string File, long Offset)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{File}@{Offset}");

    public static LogPlace? Parse(string text)
    {
        var at = text.LastIndexOf('@');
        return at > 0 && long.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? new(text[..at], offset) : null;
    }
}

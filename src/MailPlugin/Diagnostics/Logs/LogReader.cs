namespace MailPlugin.Diagnostics.Logs;

/// <summary>Reads the log files from their end, so that the newest page costs the same however large they are.</summary>
internal sealed class LogReader(LogFolder folder)
{
    const int Block = 64 * 1024;

    /// <summary>A filter that matches little must not read for ever: it answers with what it has found so far and where to go on.</summary>
    const long MaxScan = 64 * 1024 * 1024;

    /// <summary>A line longer than this is not ours.</summary>
    const int MaxLine = 1024 * 1024;

    /// <param name="place">Where to go on, from an earlier page; null is the end of the newest file.</param>
    /// <param name="limit">How many entries at most.</param>
    /// <param name="matches">Which entries are wanted.</param>
    /// <param name="since">The first entry before this ends the search; null: none does.</param>
    public (IReadOnlyList<LogLine> Lines, LogPlace? Next) Read(LogPlace? place, int limit, Func<LogLine, bool> matches, DateTimeOffset? since = null)
    {
        var found = new List<LogLine>(limit);
        var budget = MaxScan;
        foreach (var file in FilesFrom(place))
        {
            using var stream = folder.TryOpen(file.Name);
            if (stream is null)
            {
                continue;
            }

            var end = place?.File == file.Name ? Math.Min(place.Offset, stream.Length) : stream.Length;
            var read = end;
            foreach (var (start, line) in LinesBackwards(stream, end))
            {
                budget -= read - start;
                read = start;
                if (LogLine.Parse(line.Span) is { } entry)
                {
                    if (entry.At < since)
                    {
                        return (found, null);
                    }

                    if (matches(entry))
                    {
                        found.Add(entry);
                    }
                }

                if (found.Count == limit || budget <= 0)
                {
                    return (found, new(file.Name, start));
                }
            }
        }

        return (found, null);
    }

    /// <summary>Behind the newest entry, whatever is being written there; null while there is no file.</summary>
    public LogPlace? End()
    {
        foreach (var file in FilesFrom(null))
        {
            using var stream = folder.TryOpen(file.Name);
            if (stream is not null)
            {
                var end = stream.Length;
                var (start, line) = LinesBackwards(stream, end).FirstOrDefault();
                return new(file.Name, LogLine.Parse(line.Span) is null ? start : end);
            }
        }

        return null;
    }

    /// <summary>The first entry of a file; null when it has none, or went in between.</summary>
    public LogLine? FirstOf(string name)
    {
        using var stream = folder.TryOpen(name);
        var begin = new byte[Block];
        var read = stream?.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) ?? 0;
        var end = begin.AsSpan(0, read).IndexOf((byte)'\n');
        return end < 0 ? null : LogLine.Parse(begin.AsSpan(0, end));
    }

    IEnumerable<LogFile> FilesFrom(LogPlace? place) =>
        folder.Files().Reverse().Where(file => place is null || file.Order.CompareTo(LogOrder.Of(place.File)) <= 0);

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

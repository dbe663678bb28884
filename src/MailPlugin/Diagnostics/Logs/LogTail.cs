namespace MailPlugin.Diagnostics.Logs;

/// <summary>
/// Reads the log onwards from a place, over all its files, for one listener at that listener's pace. The files are the buffer: whoever reads slowly loses nothing
/// and costs no memory, until the place is removed with its file or lies too far back to be called live. Then it goes on further ahead, and says so.
/// </summary>
/// <param name="folder">The files.</param>
/// <param name="after">Where to go on; null is the end, from which only what is yet to come is read.</param>
internal sealed class LogTail(LogFolder folder, LogPlace? after) : IDisposable
{
    const int Block = 64 * 1024;

    /// <summary>A line longer than this is not ours.</summary>
    const int MaxLine = 1024 * 1024;

    /// <summary>How far a listener may fall behind the end.</summary>
    public const long MaxBehind = 16 * 1024 * 1024;

    readonly List<TailLine> _lines = [];
    bool _isPlaced;

    // A file went before it could be opened, and nobody was told yet.
    bool _isMissing;
    FileStream? _stream;
    LogOrder _order;
    string _file = "";

    // Read of the file and not yet given, because its line has no end yet.
    byte[] _rest = new byte[2 * Block];
    int _length;
    bool _isSkipping;

    /// <summary>Behind what was given last; null while there is no file.</summary>
    public LogPlace? Place => _stream is null ? null : new(_file, _stream.Position - _length);

    /// <summary>What there is now, a block at most; empty at the end. Valid until the next call.</summary>
    public TailRead Read()
    {
        _lines.Clear();
        var files = folder.Files();
        var gap = _isPlaced ? SkipWhatIsTooFar(files) : Begin(files);
        if (_stream is null)
        {
            gap ??= OpenNext(files);
        }

        // A file that the list, made before the read, has a younger one for was complete by then.
        if (ReadBlock() == 0 && files.Any(file => file.Order.CompareTo(_order) > 0))
        {
            GiveUnended();

            // What is missing is told ahead of the lines behind it: the next call goes on.
            if (_lines.Count == 0)
            {
                gap ??= OpenNext(files);
                ReadBlock();
            }
        }

        return new(_lines, gap);
    }

    public void Dispose() => _stream?.Dispose();

    LogGap? Begin(IReadOnlyList<LogFile> files)
    {
        _isPlaced = true;
        if (after is null)
        {
            OpenEnd(files);
            return null;
        }

        var order = LogOrder.Of(after.File);
        var file = files.FirstOrDefault(file => file.Order.CompareTo(order) >= 0);
        if (file is null)
        {
            // Of a time that has not come, or of another node.
            OpenEnd(files);
            return new("removed");
        }

        var isThere = file.Name == after.File;
        Open(file.Name, isThere ? Math.Min(after.Offset, file.Size) : 0);
        return SkipWhatIsTooFar(files) ?? (isThere ? null : new("removed"));
    }

    LogGap? SkipWhatIsTooFar(IReadOnlyList<LogFile> files)
    {
        if (Place is not { } place || files.Where(file => file.Order.CompareTo(_order) >= 0).Sum(file => file.Size) - place.Offset <= MaxBehind)
        {
            return null;
        }

        OpenEnd(files);
        return new("behind");
    }

    void OpenEnd(IReadOnlyList<LogFile> files)
    {
        if (files.Count > 0)
        {
            Open(files[^1].Name, files[^1].Size);
        }
    }

    LogGap? OpenNext(IReadOnlyList<LogFile> files)
    {
        if (files.FirstOrDefault(file => file.Order.CompareTo(_order) > 0) is not { } next)
        {
            return null;
        }

        var isMissing = _isMissing || MayHaveSkipped(files, next.Order);
        Open(next.Name, 0);
        _isMissing |= isMissing && _stream is null;
        return isMissing && _stream is not null ? new("removed") : null;
    }

    /// <summary>
    /// The oldest go first: while the file that was read is there, nothing behind it has gone. Without it only the very next number is known to follow; over midnight
    /// nobody can tell how many there were, and a gap too many is the smaller harm.
    /// </summary>
    bool MayHaveSkipped(IReadOnlyList<LogFile> files, LogOrder next) =>
        _file.Length > 0 && files.All(file => file.Name != _file) && next != _order with { Number = _order.Number + 1 };

    void Open(string name, long offset)
    {
        _stream?.Dispose();
        _stream = folder.TryOpen(name);
        _isMissing = _stream is null;
        (_file, _order, _length, _isSkipping) = (name, LogOrder.Of(name), 0, false);
        _stream?.Position = offset;
    }

    int ReadBlock()
    {
        if (_stream is null)
        {
            return 0;
        }

        if (_length + Block > _rest.Length)
        {
            Array.Resize(ref _rest, (_length + Block) * 2);
        }

        var count = _stream.Read(_rest, _length, Block);
        var start = _stream.Position - count - _length;
        var (begin, searched) = (0, _length);
        _length += count;
        while (_rest.AsSpan(searched, _length - searched).IndexOf((byte)'\n') is var found and >= 0)
        {
            var end = searched + found;
            Give(_rest.AsSpan(begin, end - begin), start + end + 1);
            begin = searched = end + 1;
        }

        _rest.AsSpan(begin, _length - begin).CopyTo(_rest);
        _length -= begin;
        if (_length > MaxLine)
        {
            (_length, _isSkipping) = (0, true);
        }

        return count;
    }

    /// <summary>A crash may have cut only the end of the last line.</summary>
    void GiveUnended()
    {
        if (_stream is not null && _length > 0)
        {
            Give(_rest.AsSpan(0, _length), _stream.Position);
            _length = 0;
        }
    }

    void Give(ReadOnlySpan<byte> line, long end)
    {
        if (!_isSkipping && LogLine.Parse(line) is { } entry)
        {
            _lines.Add(new(entry, new(_file, end)));
        }

        _isSkipping = false;
    }
}

/// <param name="Lines">The next lines, oldest first.</param>
/// <param name="Gap">What is missing ahead of them.</param>
internal readonly record struct TailRead(IReadOnlyList<TailLine> Lines, LogGap? Gap);

/// <param name="Line">The entry.</param>
/// <param name="Place">Behind it.</param>
internal readonly record struct TailLine(LogLine Line, LogPlace Place);

/// <summary>Entries that a listener does not get.</summary>
/// <param name="Reason"><c>behind</c>: too far from the end; <c>removed</c>: their files are gone.</param>
internal sealed record LogGap(string Reason);

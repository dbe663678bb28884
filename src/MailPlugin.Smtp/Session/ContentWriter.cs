namespace MailPlugin.Smtp;

/// <summary>Content on its way out: by DATA with its dot, or by BDAT with its size (RFC 3030). Gathers; only full blocks are written here.</summary>
internal sealed class ContentWriter(Dialogue dialogue, SmtpTimeouts timeouts)
{
    /// <summary>Content up to this size may leave before the replies to its envelope are read.</summary>
    internal const int SpeculativeSize = 256 * 1024;

    readonly SmtpStream _stream = dialogue.Stream;
    LineEndRepair _repair;
    ContentTap? _tap;
    long _written;

    /// <summary>The content of DATA without its final dot.</summary>
    internal async ValueTask WriteDataAsync(SmtpContent content)
    {
        Begin(stuffDots: true);
        await CopyAsync(content).ConfigureAwait(false);
        Finish();
    }

    internal void WriteDot()
    {
        _stream.Write(".\r\n"u8);
        if (_tap is null)
        {
            dialogue.Transcript.Client($"({_written} bytes of content)");
        }

        dialogue.Transcript.Client(".");
    }

    /// <summary>Content as one BDAT LAST.</summary>
    internal async ValueTask WriteBdatAsync(SmtpContent content)
    {
        BeginBdat(Measure(content));
        Begin(stuffDots: false);
        await CopyAsync(content).ConfigureAwait(false);
        Finish();
    }

    void Begin(bool stuffDots)
    {
        _repair = new LineEndRepair(stuffDots);
        _written = 0;
        var wanted = dialogue.Transcript.Content;
        _tap = dialogue.Transcript.IsOn && wanted != SmtpTranscriptContent.None ? new ContentTap(dialogue.Transcript, wanted) : null;
    }

    void BeginBdat(long size)
    {
        _stream.Write("BDAT "u8);
        _stream.Write(size);
        _stream.Write(" LAST\r\n"u8);
        if (dialogue.Transcript.IsOn)
        {
            dialogue.Transcript.Client($"BDAT {size} LAST");
        }
    }

    static long Measure(SmtpContent content)
    {
        var measure = default(LineEndMeasure);
        if (content is MemoryContent memory)
        {
            measure.Add(memory.First.Span);
            measure.Add(memory.Between.Span);
            measure.Add(memory.Second.Span);
        }
        else
        {
            var sequence = (SequenceContent)content;
            measure.Add(sequence.Header.Span);
            measure.Add(sequence.Between.Span);
            foreach (var segment in sequence.Content)
            {
                measure.Add(segment.Span);
            }
        }

        return measure.Total;
    }

    async ValueTask CopyAsync(SmtpContent content)
    {
        if (content is MemoryContent memory)
        {
            await CopyAsync(memory.First).ConfigureAwait(false);
            await CopyAsync(memory.Between).ConfigureAwait(false);
            await CopyAsync(memory.Second).ConfigureAwait(false);
            return;
        }

        var sequence = (SequenceContent)content;
        await CopyAsync(sequence.Header).ConfigureAwait(false);
        await CopyAsync(sequence.Between).ConfigureAwait(false);
        foreach (var segment in sequence.Content)
        {
            await CopyAsync(segment).ConfigureAwait(false);
        }
    }

    async ValueTask CopyAsync(ReadOnlyMemory<byte> source)
    {
        _tap?.Feed(source.Span);
        while (!source.IsEmpty)
        {
            // Before more is gathered and never after: the last bytes stay here until the caller knows that they leave.
            if (_stream.Gathered >= SmtpStream.BlockSize)
            {
                await _stream.FlushAsync(timeouts.ContentBlock).ConfigureAwait(false);
            }

            _repair.Copy(source.Span, _stream.Room(Math.Min(source.Length + 64, SmtpStream.BlockSize)), out var consumed, out var written);
            _stream.Advance(written);
            _written += written;
            source = source[consumed..];
        }
    }

    void Finish()
    {
        _stream.Advance(_repair.Finish(_stream.Room(2)));
        _tap?.End();
    }
}

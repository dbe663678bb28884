using System.Buffers;

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

    /// <summary>
    /// The content of DATA without its final dot. What it throws that is no <see cref="SessionBroken"/> came from the content's own stream.
    /// </summary>
    internal async ValueTask WriteDataAsync(SmtpContent content, CancellationToken cancellationToken)
    {
        Begin(stuffDots: true);
        if (content is StreamContent streamed)
        {
            await CopyAsync(streamed.Header).ConfigureAwait(false);
            await CopyStreamAsync(streamed, null, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await CopyMemoryAsync(content).ConfigureAwait(false);
        }

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

    /// <summary>Content of known size as one BDAT LAST.</summary>
    internal async ValueTask WriteBdatAsync(SmtpContent content)
    {
        BeginBdat(Measure(content), last: true);
        Begin(stuffDots: false);
        await CopyMemoryAsync(content).ConfigureAwait(false);
        Finish();
    }

    /// <summary>A stream as one BDAT a block, the last one empty or what is left. Each block is handed over to be written and counted.</summary>
    internal async ValueTask WriteBdatStreamAsync(StreamContent content, Func<bool, ValueTask> blockDone, CancellationToken cancellationToken)
    {
        Begin(stuffDots: false);
        var block = ArrayPool<byte>.Shared.Rent(SmtpStream.BlockSize);
        var filled = 0;
        try
        {
            await FillBlockAsync(content.Header).ConfigureAwait(false);
            await CopyStreamAsync(content, FillBlockAsync, cancellationToken).ConfigureAwait(false);
            if (block.Length - filled < 2)
            {
                await EmitAsync(last: false).ConfigureAwait(false);
            }

            filled += _repair.Finish(block.AsSpan(filled));
            _tap?.End();
            await EmitAsync(last: true).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block, clearArray: true);
        }

        async ValueTask FillBlockAsync(ReadOnlyMemory<byte> source)
        {
            _tap?.Feed(source.Span);
            while (!source.IsEmpty)
            {
                _repair.Copy(source.Span, block.AsSpan(filled), out var consumed, out var written);
                filled += written;
                source = source[consumed..];
                if (!source.IsEmpty)
                {
                    await EmitAsync(last: false).ConfigureAwait(false);
                }
            }
        }

        async ValueTask EmitAsync(bool last)
        {
            BeginBdat(filled, last);
            _stream.Write(block.AsSpan(0, filled));
            filled = 0;
            await blockDone(last).ConfigureAwait(false);
        }
    }

    void Begin(bool stuffDots)
    {
        _repair = new LineEndRepair(stuffDots);
        _written = 0;
        var wanted = dialogue.Transcript.Content;
        _tap = dialogue.Transcript.IsOn && wanted != SmtpTranscriptContent.None ? new ContentTap(dialogue.Transcript, wanted) : null;
    }

    void BeginBdat(long size, bool last)
    {
        _stream.Write("BDAT "u8);
        _stream.Write(size);
        _stream.Write(last ? " LAST\r\n"u8 : "\r\n"u8);
        if (dialogue.Transcript.IsOn)
        {
            dialogue.Transcript.Client($"BDAT {size}{(last ? " LAST" : "")}");
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

    async ValueTask CopyMemoryAsync(SmtpContent content)
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

    async ValueTask CopyStreamAsync(StreamContent content, Func<ReadOnlyMemory<byte>, ValueTask>? target, CancellationToken cancellationToken)
    {
        var source = await content.Open(cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(SmtpStream.BlockSize / 2);
        try
        {
            int count;
            while ((count = await source.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                await (target ?? CopyAsync)(buffer.AsMemory(0, count)).ConfigureAwait(false);
            }
        }
        finally
        {
            await source.DisposeAsync().ConfigureAwait(false);
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    void Finish()
    {
        _stream.Advance(_repair.Finish(_stream.Room(2)));
        _tap?.End();
    }
}

namespace MailPlugin.Smtp;

/// <summary>
/// Copies content so that every line ends with CRLF and nothing else is a line end, and doubles a dot at the start of a line where the
/// content goes by DATA (RFC 5321 4.5.2). Bare CR and LF are what SMTP smuggling is made of, so they become CRLF by DATA and BDAT alike.
/// </summary>
internal struct LineEndRepair(bool stuffDots)
{
    bool _midLine;
    bool _pendingCr;

    /// <summary>Copies as much as fits; what is left over of <paramref name="source"/> comes again.</summary>
    internal void Copy(ReadOnlySpan<byte> source, Span<byte> target, out int consumed, out int written)
    {
        int i = 0, w = 0;
        while (i < source.Length && target.Length - w >= 4)
        {
            if (_pendingCr)
            {
                _pendingCr = false;
                i += source[i] == '\n' ? 1 : 0;
                EndLine(target, ref w);
                continue;
            }

            if (!_midLine)
            {
                _midLine = true;
                if (stuffDots && source[i] == '.')
                {
                    target[w++] = (byte)'.';
                }
            }

            var chunk = source.Slice(i, Math.Min(source.Length - i, target.Length - w - 2));
            var stop = chunk.IndexOfAny((byte)'\r', (byte)'\n');
            if (stop < 0)
            {
                chunk.CopyTo(target[w..]);
                i += chunk.Length;
                w += chunk.Length;
                continue;
            }

            chunk[..stop].CopyTo(target[w..]);
            i += stop;
            w += stop;
            if (source[i++] == '\r')
            {
                _pendingCr = true;
            }
            else
            {
                EndLine(target, ref w);
            }
        }

        (consumed, written) = (i, w);
    }

    /// <summary>Ends the last line where it is not ended: at most two bytes.</summary>
    internal int Finish(Span<byte> target)
    {
        var w = 0;
        if (_pendingCr || _midLine)
        {
            EndLine(target, ref w);
        }

        _pendingCr = false;
        return w;
    }

    void EndLine(Span<byte> target, ref int w)
    {
        target[w++] = (byte)'\r';
        target[w++] = (byte)'\n';
        _midLine = false;
    }
}

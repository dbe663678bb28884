namespace MailPlugin.Smtp;

/// <summary>How long content is once <see cref="LineEndRepair"/> has gone over it: BDAT says its size first.</summary>
internal struct LineEndMeasure
{
    long _length;
    bool _midLine;
    bool _pendingCr;

    internal void Add(ReadOnlySpan<byte> source)
    {
        if (_pendingCr && !source.IsEmpty)
        {
            _pendingCr = false;
            source = source[0] == '\n' ? source[1..] : source;
        }

        while (!source.IsEmpty)
        {
            var stop = source.IndexOfAny((byte)'\r', (byte)'\n');
            if (stop < 0)
            {
                _length += source.Length;
                _midLine = true;
                return;
            }

            _length += stop + 2;
            _midLine = false;
            var isCr = source[stop] == '\r';
            source = source[(stop + 1)..];
            if (isCr)
            {
                _pendingCr = source.IsEmpty;
                source = !source.IsEmpty && source[0] == '\n' ? source[1..] : source;
            }
        }
    }

    internal readonly long Total => _length + (_midLine ? 2 : 0);
}

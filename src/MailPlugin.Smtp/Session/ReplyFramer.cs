namespace MailPlugin.Smtp;

/// <summary>
/// Finds where a reply ends (RFC 5321 4.2), looking at every byte once however it arrives, and refuses what no server may say. Text is not
/// touched here.
/// </summary>
internal struct ReplyFramer(SmtpLimits limits)
{
    int _lineStart;
    int _scanned;
    int _lines;
    int _code;

    /// <param name="buffer">Everything received since the last reply was consumed.</param>
    /// <param name="code">The reply's code.</param>
    /// <param name="length">The reply's bytes, its last line end included.</param>
    /// <returns>False when more has to be read.</returns>
    internal bool TryFrame(ReadOnlySpan<byte> buffer, out int code, out int length)
    {
        while (true)
        {
            var end = buffer[_scanned..].IndexOf((byte)'\n');
            var lineEnd = end < 0 ? buffer.Length : _scanned + end;
            if (lineEnd - _lineStart > limits.LineLength)
            {
                throw Violation($"A reply line is longer than {limits.LineLength} bytes.");
            }

            if (lineEnd > limits.ReplyBytes)
            {
                throw Violation($"A reply is longer than {limits.ReplyBytes} bytes.");
            }

            // What cannot become a reply is refused before its line ends: a server that speaks another protocol may never end it.
            CheckCode(buffer[_lineStart..lineEnd], whole: end >= 0);
            if (end < 0)
            {
                (_scanned, code, length) = (buffer.Length, 0, 0);
                return false;
            }

            var line = buffer[_lineStart..lineEnd];
            _lineStart = _scanned = lineEnd + 1;
            if (++_lines > limits.ReplyLines)
            {
                throw Violation($"A reply has more than {limits.ReplyLines} lines.");
            }

            if (line.Length < 4 || line[3] != '-')
            {
                (code, length) = (_code, lineEnd + 1);
                this = new ReplyFramer(limits);
                return true;
            }
        }
    }

    void CheckCode(ReadOnlySpan<byte> line, bool whole)
    {
        if (line.EndsWith("\r"u8))
        {
            line = line[..^1];
        }

        for (var i = 0; i < Math.Min(3, line.Length); i++)
        {
            if (line[i] is < (byte)'0' or > (byte)'9' || (i == 0 && line[i] is < (byte)'2' or > (byte)'5'))
            {
                throw Violation("The server said something that is no SMTP reply.");
            }
        }

        if (line.Length < 3)
        {
            if (whole)
            {
                throw Violation("The server said a line without a reply code.");
            }

            return;
        }

        if (line.Length > 3 && line[3] is not ((byte)' ' or (byte)'-'))
        {
            throw Violation("The server said something that is no SMTP reply.");
        }

        var code = ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + line[2] - '0';
        if (_lines > 0 && code != _code)
        {
            throw Violation("The lines of a reply have different codes.");
        }

        _code = code;
    }

    static SessionBroken Violation(string message) => new(SmtpFault.ProtocolViolation, message);
}

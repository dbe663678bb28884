using System.Text;

namespace MailPlugin.Smtp;

/// <summary>Cuts content into the lines that a transcript asked for.</summary>
internal sealed class ContentTap(TranscriptWriter transcript, SmtpTranscriptContent wanted)
{
    /// <summary>A line longer than this is shown in pieces.</summary>
    const int LongestLine = 2000;

    readonly List<byte> _line = [];
    bool _over;

    internal void Feed(ReadOnlySpan<byte> bytes)
    {
        for (; !_over && !bytes.IsEmpty;)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            while (_line.Count + part.Length > LongestLine)
            {
                var fits = LongestLine - _line.Count;
                _line.AddRange(part[..fits]);
                part = part[fits..];
                Show();
            }

            _line.AddRange(part);
            if (end >= 0)
            {
                EndLine();
            }
        }
    }

    /// <summary>Shows a last line that has no end.</summary>
    internal void End()
    {
        if (!_over && _line.Count > 0)
        {
            EndLine();
        }
    }

    void EndLine()
    {
        if (_line.Count > 0 && _line[^1] == '\r')
        {
            _line.RemoveAt(_line.Count - 1);
        }

        if (_line.Count == 0 && wanted == SmtpTranscriptContent.Headers)
        {
            _over = true;
            return;
        }

        Show();
    }

    void Show()
    {
        transcript.Client(Encoding.UTF8.GetString([.. _line]));
        _line.Clear();
    }
}

using System.Buffers;
using System.Security.Cryptography;

namespace MailPlugin.Smtp.Mime;

/// <summary>SHA-256 over the relaxed form of a body (RFC 6376 section 3.4.4), piece by piece: one blank for a run of blanks, none at the end of a line, no empty lines at the end.</summary>
/// <remarks>Composed bodies are nearly always in that form already: three fast searches find that out, and the bytes are hashed where they are.</remarks>
sealed class RelaxedBodyHash : IDisposable
{
    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly PooledBytes unfinished = new(1024);
    readonly PooledBytes relaxed = new(1024);
    long emptyLines;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (unfinished.Length > 0 && !bytes.IsEmpty)
        {
            // A line that began in the piece before; its end may be torn between CR and LF.
            var end = bytes.IndexOf((byte)'\n');
            var head = end < 0 ? bytes : bytes[..(end + 1)];
            unfinished.Write(head);
            bytes = bytes[head.Length..];
            if (unfinished.Span.EndsWith("\r\n"u8))
            {
                AppendLines(unfinished.Span);
                unfinished.Clear();
            }
        }

        var whole = bytes.LastIndexOf("\r\n"u8) + 2;
        if (whole < 2)
        {
            unfinished.Write(bytes);
            return;
        }

        AppendLines(bytes[..whole]);
        unfinished.Write(bytes[whole..]);
    }

    public void Finish(Span<byte> digest)
    {
        if (unfinished.Length > 0)
        {
            unfinished.Write("\r\n"u8);
            AppendLines(unfinished.Span);
            unfinished.Clear();
        }

        hash.GetHashAndReset(digest);
        emptyLines = 0;
    }

    public void Dispose()
    {
        hash.Dispose();
        unfinished.Dispose();
        relaxed.Dispose();
    }

    // Whole lines, each with its CRLF.
    void AppendLines(ReadOnlySpan<byte> lines)
    {
        if (lines.Contains((byte)'\t') || lines.IndexOf("  "u8) >= 0 || lines.IndexOf(" \r\n"u8) >= 0)
        {
            relaxed.Clear();
            Relax(lines);
            lines = relaxed.Span;
        }

        var end = lines.Length;
        while (end >= 2 && lines[..end].EndsWith("\r\n"u8) && (end == 2 || lines[..(end - 2)].EndsWith("\r\n"u8)))
        {
            end -= 2;
        }

        if (end > 0)
        {
            for (; emptyLines > 0; emptyLines--)
            {
                hash.AppendData("\r\n"u8);
            }

            hash.AppendData(lines[..end]);
        }

        emptyLines += (lines.Length - end) / 2;
    }

    void Relax(ReadOnlySpan<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf("\r\n"u8);
            RelaxLine(lines[..end]);
            lines = lines[(end + 2)..];
        }
    }

    void RelaxLine(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd(" \t"u8);
        var target = relaxed.GetSpan(line.Length + 2);
        var length = 0;
        while (!line.IsEmpty)
        {
            var word = line.IndexOfAny((byte)' ', (byte)'\t');
            word = word < 0 ? line.Length : word;
            line[..word].CopyTo(target[length..]);
            length += word;
            line = line[word..];
            if (!line.IsEmpty)
            {
                target[length++] = (byte)' ';
                line = line.TrimStart(" \t"u8);
            }
        }

        "\r\n"u8.CopyTo(target[length..]);
        relaxed.Advance(length + 2);
    }
}

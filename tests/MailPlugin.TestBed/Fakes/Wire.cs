using System.Collections.Concurrent;
using System.Text;

namespace MailPlugin.TestBed;

/// <summary>Lines over a stream, each written down as it comes, one character for each byte.</summary>
sealed class Wire(Stream stream, ConcurrentQueue<string> heard, CancellationToken stop)
{
    readonly byte[] _buffer = new byte[16384];
    int _start;
    int _end;

    public async Task SayAsync(string line) => await stream.WriteAsync(Encoding.Latin1.GetBytes(line + "\r\n"), stop);

    public async Task<string> AskAsync(string challenge)
    {
        await SayAsync("334 " + challenge);
        return await HearAsync() ?? "";
    }

    /// <summary>The next line without its end; null when the client has gone.</summary>
    public async Task<string?> HearAsync()
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, await stream.ReadAsync(_buffer, stop));
                if (_end == 0)
                {
                    return null;
                }
            }

            var rest = _buffer.AsMemory(_start, _end - _start);
            var feed = rest.Span.IndexOf((byte)'\n');
            line.Append(Encoding.Latin1.GetString(rest.Span[..(feed < 0 ? rest.Length : feed)]));
            _start += feed < 0 ? rest.Length : feed + 1;
            if (feed >= 0)
            {
                var text = line.ToString().TrimEnd('\r');
                heard.Enqueue(text);
                return text;
            }
        }
    }

    /// <summary>A message up to its closing dot, without the dots that were put in; null when the client has gone.</summary>
    public async Task<string?> HearMessageAsync()
    {
        var message = new StringBuilder();
        while (await HearAsync() is { } line)
        {
            if (line == ".")
            {
                return message.ToString();
            }

            message.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }

        return null;
    }
}

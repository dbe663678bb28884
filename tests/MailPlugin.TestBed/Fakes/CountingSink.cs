using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.TestBed;

/// <summary>
/// A relay that takes everything, fast and pipelined, and notes each message by its Message-ID, however often it comes. The note is made before the reply: what a client
/// was told to be taken is noted. Recipients called <c>gone</c> it refuses for good, those called <c>later</c> for now.
/// </summary>
public sealed class CountingSink : IAsyncDisposable
{
    readonly Listener _listener;
    readonly ConcurrentDictionary<string, SunkMessage> _messages = new(StringComparer.Ordinal);
    volatile TaskCompletionSource? _held;
    long _taken;

    public CountingSink() => _listener = new Listener(ServeAsync);

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => _listener.Port;

    /// <summary>How many messages it took, those that came twice counted twice.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>Every Message-ID with what is known of it.</summary>
    public IReadOnlyDictionary<string, SunkMessage> Messages => _messages;

    /// <summary>From now on it takes and notes, and does not say so.</summary>
    public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Says everything that was held back.</summary>
    public void LetGo()
    {
        _held?.TrySetResult();
        _held = null;
    }

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        var stream = client.GetStream();
        var reader = PipeReader.Create(stream);
        var dialogue = new Dialogue(this);
        await stream.WriteAsync("220 counting.example ESMTP\r\n"u8.ToArray(), stop);
        while (!dialogue.Ended)
        {
            var read = await reader.ReadAsync(stop);
            dialogue.Hear(read.Buffer, out var heard);
            reader.AdvanceTo(heard, read.Buffer.End);
            if (dialogue.TakeReplies() is { Length: > 0 } replies)
            {
                if (_held is { } held)
                {
                    await held.Task.WaitAsync(stop);
                }

                await stream.WriteAsync(Encoding.ASCII.GetBytes(replies), stop);
            }

            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    void Note(string messageId, string subject)
    {
        _messages.AddOrUpdate(messageId, new SunkMessage(subject, 1), (_, known) => known with { Times = known.Times + 1 });
        Interlocked.Increment(ref _taken);
    }

    sealed class Dialogue(CountingSink sink)
    {
        readonly StringBuilder _replies = new();
        bool _inContent;
        bool _inHeader;
        string _messageId = "";
        string _subject = "";

        public bool Ended { get; private set; }

        public string TakeReplies()
        {
            var replies = _replies.ToString();
            _replies.Clear();
            return replies;
        }

        public void Hear(in ReadOnlySequence<byte> bytes, out SequencePosition heard)
        {
            var reader = new SequenceReader<byte>(bytes);
            while (!Ended && reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
            {
                if (!_inContent)
                {
                    Command(Encoding.Latin1.GetString(line));
                }
                else if (line.Length == 1 && line.FirstSpan[0] == '.')
                {
                    sink.Note(_messageId, _subject);
                    (_inContent, _messageId, _subject) = (false, "", "");
                    _replies.Append("250 2.0.0 taken\r\n");
                }
                else if (line.Length == 0)
                {
                    _inHeader = false;
                }
                else if (_inHeader)
                {
                    Header(Encoding.Latin1.GetString(line));
                }
            }

            heard = reader.Position;
        }

        void Command(string line)
        {
            switch (line.Split([' ', ':'], 2)[0].ToUpperInvariant())
            {
                case "EHLO":
                    _replies.Append("250-counting.example\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n");
                    break;
                case "DATA":
                    (_inContent, _inHeader) = (true, true);
                    _replies.Append("354 go ahead\r\n");
                    break;
                case "RCPT" when line.Contains("<gone@", StringComparison.OrdinalIgnoreCase):
                    _replies.Append("550 5.1.1 no such user\r\n");
                    break;
                case "RCPT" when line.Contains("<later@", StringComparison.OrdinalIgnoreCase):
                    _replies.Append("451 4.3.0 not now\r\n");
                    break;
                case "QUIT":
                    _replies.Append("221 2.0.0 bye\r\n");
                    Ended = true;
                    break;
                default:
                    _replies.Append("250 2.0.0 ok\r\n");
                    break;
            }
        }

        void Header(string line)
        {
            if (line.StartsWith("Message-ID: ", StringComparison.OrdinalIgnoreCase))
            {
                _messageId = line["Message-ID: ".Length..].Trim();
            }
            else if (line.StartsWith("Subject: ", StringComparison.OrdinalIgnoreCase))
            {
                _subject = line["Subject: ".Length..];
            }
        }
    }
}

/// <summary>A message that a <see cref="CountingSink"/> took.</summary>
/// <param name="Times">How often it came.</param>
public sealed record SunkMessage(string Subject, int Times);

using System.Runtime.CompilerServices;

namespace MailPlugin.Smtp;

/// <summary>
/// Commands out, replies in, and the transcript beside them. A reply is framed and consumed when it is read; its text is only made where
/// somebody needs it, because a busy session reads four replies for every message and looks at one.
/// </summary>
internal sealed class Dialogue(SmtpStream stream, SmtpRelay relay, TranscriptWriter transcript)
{
    ReplyFramer _framer = new(relay.Limits);
    int _code;
    int _length;
    byte[] _knownBytes = [];
    SmtpReply? _known;

    internal SmtpStream Stream => stream;

    internal TranscriptWriter Transcript => transcript;

    internal bool LimitHandshake { get; set; } = true;

    /// <summary>While a login is under way: what no reply may repeat. Challenges stay out of the transcript then.</summary>
    internal List<string>? Secrets { get; set; }

    /// <summary>The code of the reply read last.</summary>
    internal int Code => _code;

    /// <summary>The reply read last; good until the next is read.</summary>
    internal SmtpReply Reply
    {
        get
        {
            var bytes = stream.Buffered[.._length];
            if (_known is null || !bytes.SequenceEqual(_knownBytes))
            {
                _known = SmtpReply.Parse(bytes);
                _known = Secrets is null || _code == 334 ? _known : _known.Without(Secrets);
                _knownBytes = bytes.ToArray();
            }

            return _known;
        }
    }

    /// <summary>Takes a reply that has already arrived whole.</summary>
    internal bool TryReadBuffered()
    {
        Release();
        if (!_framer.TryFrame(stream.Buffered, out _code, out _length))
        {
            return false;
        }

        if (transcript.IsOn)
        {
            if (Secrets is not null && _code == 334)
            {
                transcript.Server(new SmtpReply(334, $"(challenge, {Reply.Text.Length} characters)"));
            }
            else
            {
                transcript.Server(Reply);
            }
        }

        return true;
    }

    /// <summary>Waits for the next reply.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask ReadAsync(TimeSpan timeout)
    {
        while (!TryReadBuffered())
        {
            if (LimitHandshake && stream.Received > relay.Limits.HandshakeBytes)
            {
                throw new SessionBroken(SmtpFault.ProtocolViolation, $"The server said more than {relay.Limits.HandshakeBytes} bytes before the first message.");
            }

            await stream.FillAsync(timeout).ConfigureAwait(false);
        }
    }

    /// <summary>Whether the server has said something that nobody asked for.</summary>
    internal bool HasUnasked => stream.Buffered.Length > _length;

    internal void Release()
    {
        stream.Consume(_length);
        _length = 0;
    }

    /// <summary>Gathers a whole command; the transcript sees it as it is.</summary>
    internal void Command(string line)
    {
        stream.Write(line);
        stream.Write("\r\n"u8);
        transcript.Client(line);
    }

    /// <summary>Gathers what must never be seen; the transcript gets the placeholder.</summary>
    internal void Secret(string command, string secret)
    {
        stream.Write(command);
        stream.Write(secret);
        stream.Write("\r\n"u8);
        transcript.Client($"{command}(secret, {secret.Length} characters)");
        if (secret.Length > 4)
        {
            Secrets?.Add(secret);
        }
    }

    internal async ValueTask AskAsync(string line, TimeSpan timeout)
    {
        Command(line);
        await stream.FlushAsync(timeout).ConfigureAwait(false);
        await ReadAsync(timeout).ConfigureAwait(false);
    }
}

using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.TestBed;

/// <summary>A pipelining relay that behaves, except for one trick at one stage; without a trick it takes everything. Messages whose final dot arrived are kept whatever was answered.</summary>
public sealed class HostileRelay : IAsyncDisposable
{
    readonly Listener _listener;
    readonly ConcurrentQueue<string> _contents = new();
    readonly ConcurrentQueue<string> _lines = new();
    volatile RelayTrick? _trick;
    int _open;

    public HostileRelay(RelayTrick? trick = null)
    {
        _trick = trick;
        _listener = new Listener(ServeAsync);
    }

    /// <summary>Where it listens on 127.0.0.1.</summary>
    public int Port => _listener.Port;

    /// <summary>What it does wrong; null from the moment on when it behaves.</summary>
    public RelayTrick? Trick
    {
        get => _trick;
        set => _trick = value;
    }

    /// <summary>How many clients are connected.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Every content that arrived whole.</summary>
    public IReadOnlyList<string> Contents => [.. _contents];

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    async Task ServeAsync(TcpClient client, CancellationToken stop)
    {
        Interlocked.Increment(ref _open);
        try
        {
            await TalkAsync(client, new Wire(client.GetStream(), _lines, stop), stop);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    async Task TalkAsync(TcpClient client, Wire wire, CancellationToken stop)
    {
        var (mail, recipients) = (false, 0);
        if (!await AnswerAsync(RelayStage.Greeting, "220 hostile.example ESMTP"))
        {
            return;
        }

        while (await wire.HearAsync() is { } line)
        {
            switch (line.Split([' ', ':'], 2)[0].ToUpperInvariant())
            {
                case "EHLO" or "HELO":
                    if (!await AnswerAsync(RelayStage.Ehlo, "250-hostile.example\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES"))
                    {
                        return;
                    }

                    break;
                case "MAIL":
                    mail = !IsRefused(RelayStage.Mail);
                    if (!await AnswerAsync(RelayStage.Mail, "250 2.1.0 ok"))
                    {
                        return;
                    }

                    break;
                case "RCPT" when mail:
                    recipients += IsRefused(RelayStage.Rcpt) ? 0 : 1;
                    if (!await AnswerAsync(RelayStage.Rcpt, "250 2.1.5 ok"))
                    {
                        return;
                    }

                    break;
                case "DATA" when recipients > 0:
                    var refused = IsRefused(RelayStage.Data);
                    if (!await AnswerAsync(RelayStage.Data, "354 go ahead") || (!refused && !await TakeAsync()))
                    {
                        return;
                    }

                    (mail, recipients) = (false, 0);
                    break;
                case "RCPT":
                    await wire.SayAsync("503 5.5.1 MAIL first");
                    break;
                case "DATA":
                    await wire.SayAsync("554 5.5.1 no valid recipients");
                    break;
                case "RSET":
                    (mail, recipients) = (false, 0);
                    await wire.SayAsync("250 2.0.0 ok");
                    break;
                case "QUIT":
                    await wire.SayAsync("221 2.0.0 bye");
                    return;
                default:
                    await wire.SayAsync("500 5.5.2 what?");
                    break;
            }
        }

        bool IsRefused(RelayStage stage) => _trick is { Act: RelayAct.Reply } trick && trick.Stage == stage;

        async Task<bool> TakeAsync()
        {
            var content = new StringBuilder();
            while (await wire.HearAsync() is { } line)
            {
                if (content.Length == 0 && _trick is { Stage: RelayStage.Body } && !await AnswerAsync(RelayStage.Body, ""))
                {
                    return false;
                }

                if (line == ".")
                {
                    _contents.Enqueue(content.ToString());
                    return await AnswerAsync(RelayStage.Content, "250 2.0.0 taken");
                }

                content.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
            }

            return false;
        }

        // False when the conversation is over.
        async Task<bool> AnswerAsync(RelayStage stage, string answer)
        {
            var trick = _trick is { } one && one.Stage == stage ? one : null;
            switch (trick?.Act)
            {
                case null:
                    await wire.SayAsync(answer);
                    return true;
                case RelayAct.Reply:
                    await wire.SayAsync(trick.Reply);
                    return !trick.Reply.StartsWith("421", StringComparison.Ordinal);
                case RelayAct.Twice:
                    await wire.SayAsync($"{answer}\r\n{answer}");
                    return true;
                case RelayAct.AnswerAndClose:
                    await wire.SayAsync(answer);
                    return false;
                case RelayAct.Reset:
                    // The socket itself: a TcpClient says goodbye first.
                    client.Client.LingerState = new LingerOption(true, 0);
                    client.Client.Dispose();
                    return false;
                case RelayAct.Stall:
                    while (await wire.HearAsync() is not null)
                    {
                    }

                    return false;
                case RelayAct.Garbage:
                    await wire.SayAsync("\0\u0001\u00ff\u00fe<html>no relay</html>");
                    return true;
                case RelayAct.Flood:
                    await wire.SayAsync($"{answer[..3]} {new string('x', 1024 * 1024)}");
                    return true;
                default:
                    return false;
            }
        }
    }
}

/// <summary>One thing that a <see cref="HostileRelay"/> does wrong.</summary>
/// <param name="Reply">What it says with <see cref="RelayAct.Reply"/>.</param>
public sealed record RelayTrick(RelayStage Stage, RelayAct Act, string Reply = "");

/// <summary>What is answered: a command, or for the last two the content under way and its final dot.</summary>
public enum RelayStage
{
    Greeting,
    Ehlo,
    Mail,
    Rcpt,
    Data,
    Body,
    Content,
}

/// <summary>How.</summary>
public enum RelayAct
{
    /// <summary>With a reply of the test's.</summary>
    Reply,

    /// <summary>With the end of the connection.</summary>
    Close,

    /// <summary>With a reset.</summary>
    Reset,

    /// <summary>Not at all.</summary>
    Stall,

    /// <summary>With what is no SMTP.</summary>
    Garbage,

    /// <summary>With a line of a megabyte.</summary>
    Flood,

    /// <summary>Rightly, but twice.</summary>
    Twice,

    /// <summary>Rightly, and then with the end of the connection.</summary>
    AnswerAndClose,
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MailPlugin.Smtp.Tests;

/// <summary>
/// A server with the state that RFC 5321 gives it, or with the state that Exim keeps: a transaction that ended without an accepted content
/// stays open there, a MAIL inside it is refused, and recipients are taken into it all the same. It refuses, closes and vanishes at random,
/// and knows for every recipient what it really delivered.
/// </summary>
sealed partial class ModelServer(int seed, bool likeExim, params string[] capabilities)
{
    readonly Random _random = new(seed);
    readonly List<string> _recipients = [];
    readonly StringBuilder _content = new();
    bool _open;

    /// <summary>Recipient to the contents it got.</summary>
    internal ConcurrentDictionary<string, List<string>> Delivered { get; } = [];

    /// <summary>The recipients of each transaction that was accepted.</summary>
    internal List<int> Sizes { get; } = [];

    /// <summary>What is refused; null leaves it to chance.</summary>
    internal Func<string, bool>? Refuse { get; init; }

    internal bool AlsoBreaks { get; init; }

    /// <summary>
    /// No server may (RFC 5321 4.1.1.5). Content that waits for 354 is safe even then; with BDAT it has left before the refusal is seen.
    /// </summary>
    internal bool AlsoRefusesReset { get; init; }

    internal async Task ServeAsync(FakeConversation talk)
    {
        Forget();
        await talk.GreetAsync(capabilities);
        while (await talk.ReadLineAsync() is { } line)
        {
            if (AlsoBreaks && _random.Next(60) == 0)
            {
                await VanishAsync(talk);
                return;
            }

            switch (line.Split([' ', ':'], 2)[0].ToUpperInvariant())
            {
                case "RSET" when AlsoRefusesReset && _random.Next(8) == 0:
                    await talk.SayAsync("500 5.5.1 no");
                    break;
                case "RSET":
                    Forget();
                    await talk.SayAsync("250 2.0.0 reset");
                    break;
                case "MAIL":
                    await MailAsync(talk, line);
                    break;
                case "RCPT":
                    await RcptAsync(talk, line, AddressOf().Match(line).Groups[1].Value);
                    break;
                case "DATA":
                    if (!await DataAsync(talk))
                    {
                        return;
                    }

                    break;
                case "BDAT":
                    var size = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
                    _content.Append(Encoding.UTF8.GetString(await talk.ReadBytesAsync(size)));
                    if (line.EndsWith(" LAST", StringComparison.Ordinal))
                    {
                        await EndAsync(talk, _content.ToString());
                        _content.Clear();
                    }
                    else
                    {
                        await talk.SayAsync("250 2.0.0 more");
                    }

                    break;
                case "QUIT":
                    await talk.SayAsync("221 bye");
                    return;
                default:
                    throw new InvalidOperationException($"The client said \"{line}\".");
            }
        }
    }

    async Task MailAsync(FakeConversation talk, string line)
    {
        if (_open)
        {
            await talk.SayAsync("503 5.5.1 nested MAIL");
        }
        else if (Refuses(line))
        {
            await talk.SayAsync(Refusal());
        }
        else
        {
            _open = true;
            await talk.SayAsync("250 2.1.0 ok");
        }
    }

    async Task RcptAsync(FakeConversation talk, string line, string address)
    {
        if (!_open)
        {
            await talk.SayAsync("503 5.5.1 MAIL first");
        }
        else if (Refuses(line))
        {
            await talk.SayAsync(_random.Next(4) == 0 ? "452 4.5.3 too many recipients" : Refusal());
        }
        else
        {
            _recipients.Add(address);
            await talk.SayAsync("250 2.1.5 ok");
        }
    }

    async Task<bool> DataAsync(FakeConversation talk)
    {
        // Some servers wait for content although they have no recipient for it.
        if (_recipients.Count == 0 && (!_open || _random.Next(2) == 0))
        {
            await talk.SayAsync("503 5.5.1 RCPT first");
            return true;
        }

        if (_recipients.Count > 0 && Refuses(""))
        {
            await talk.SayAsync(Refusal());
            return true;
        }

        // What came before this reply would be content that was sent unasked.
        if (talk.HasBuffered)
        {
            throw new InvalidOperationException("The client did not wait for 354.");
        }

        await talk.SayAsync("354 go");
        var content = await talk.ReadContentAsync();
        if (AlsoBreaks && _random.Next(20) == 0)
        {
            if (_random.Next(2) == 0)
            {
                // Taken, and the reply never left.
                Deliver(content);
                talk.Reset();
            }
            else
            {
                await VanishAsync(talk);
            }

            return false;
        }

        await EndAsync(talk, content);
        return true;
    }

    async Task EndAsync(FakeConversation talk, string content)
    {
        if (!_open || _recipients.Count == 0)
        {
            await talk.SayAsync("503 5.5.1 RCPT first");
            if (!likeExim)
            {
                Forget();
            }
        }
        else if (Refuses(""))
        {
            await talk.SayAsync(Refusal());
            if (!likeExim)
            {
                Forget();
            }
        }
        else
        {
            Deliver(content);
            Forget();
            await talk.SayAsync("250 2.0.0 queued");
        }
    }

    void Deliver(string content)
    {
        Sizes.Add(_recipients.Count);
        foreach (var recipient in _recipients)
        {
            Delivered.GetOrAdd(recipient, _ => []).Add(content);
        }
    }

    void Forget()
    {
        _open = false;
        _recipients.Clear();
    }

    bool Refuses(string line) => Refuse?.Invoke(line) ?? _random.Next(4) == 0;

    string Refusal() => _random.Next(2) == 0 ? "550 5.7.1 no" : "451 4.7.1 later";

    async Task VanishAsync(FakeConversation talk)
    {
        switch (_random.Next(3))
        {
            case 0:
                await talk.SayAsync("421 4.3.2 closing");
                break;
            case 1:
                talk.Reset();
                break;
        }
    }

    [GeneratedRegex("<(.*?)>")]
    private static partial Regex AddressOf();
}

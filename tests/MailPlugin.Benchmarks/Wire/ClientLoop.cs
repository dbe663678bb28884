using MailPlugin.Smtp;

namespace MailPlugin.Benchmarks;

/// <summary>The library's client on sessions that are kept: a transaction and an outcome for each message, as a caller has them.</summary>
internal static class ClientLoop
{
    public static SmtpRelay Relay(int port) => new() { Host = "127.0.0.1", Port = port, Security = SmtpSecurity.None, EhloName = "bench.example" };

    public static async Task<int> RunAsync(int port, int count, byte[] message)
    {
        await using var session = await SmtpSession.ConnectAsync(Relay(port));
        await SendAsync(session, count, message);
        return count;
    }

    /// <summary>Several sessions share the messages.</summary>
    public static async Task<int> RunAsync(int port, int count, byte[] message, int sessions) =>
        (await Task.WhenAll(Enumerable.Range(0, sessions).Select(_ => Task.Run(() => RunAsync(port, count / sessions, message))))).Sum();

    public static async Task SendAsync(SmtpSession session, int count, byte[] message)
    {
        var accepted = 0;
        var transactions = Enumerable.Range(0, count)
            .Select(_ => new SmtpTransaction(LoadMail.Sender, [LoadMail.Recipient], SmtpContent.FromMemory(message)))
            .ToAsyncEnumerable();
        await foreach (var outcome in session.SendAsync(transactions))
        {
            accepted += outcome.Verdict == SmtpVerdict.Accepted ? 1 : throw new InvalidOperationException($"Not accepted: {outcome.Fault} {outcome.Detail} {outcome.Reply}");
        }

        if (accepted != count)
        {
            throw new InvalidOperationException($"{accepted} of {count} were accepted.");
        }
    }
}

using System.Collections.Concurrent;
using System.Text;

namespace MailPlugin.Smtp.Tests;

/// <summary>Things that tests need some of.</summary>
static class Some
{
    internal const string Canary = "canary-5f1c9e";

    internal static SmtpContent Content(string text = "Subject: hi\r\n\r\nhello\r\n") => SmtpContent.FromMemory(Encoding.UTF8.GetBytes(text));

    internal static SmtpTransaction Transaction(params string[] recipients)
        => new("a@client.test", [.. (recipients.Length == 0 ? ["b@server.test"] : recipients).Select(SmtpRecipient.FromString)], Content());

    internal static async IAsyncEnumerable<SmtpTransaction> Source(params SmtpTransaction[] transactions)
    {
        foreach (var transaction in transactions)
        {
            yield return transaction;
        }

        await Task.CompletedTask;
    }

    internal static async Task<List<SmtpOutcome>> SendAllAsync(this SmtpSession session, params SmtpTransaction[] transactions)
    {
        var outcomes = new List<SmtpOutcome>();
        await foreach (var outcome in session.SendAsync(Source(transactions)))
        {
            outcomes.Add(outcome);
        }

        return outcomes;
    }

    /// <summary>Short for what became of each recipient, such as <c>b=Accepted c=Refused</c>.</summary>
    internal static string Results(this SmtpOutcome outcome)
        => string.Join(' ', outcome.Recipients.Select(r => $"{r.Recipient.Address.Split('@')[0]}={r.Result}"));
}

/// <summary>A transcript that is kept.</summary>
sealed class KeptTranscript(SmtpTranscriptContent content = SmtpTranscriptContent.None) : ISmtpTranscript
{
    internal ConcurrentQueue<SmtpTranscriptLine> Lines { get; } = [];

    public SmtpTranscriptContent Content => content;

    public void Write(in SmtpTranscriptLine line) => Lines.Enqueue(line);

    public override string ToString()
        => string.Join('\n', Lines.Select(line => $"{(line.From == SmtpSpeaker.Client ? 'C' : line.From == SmtpSpeaker.Server ? 'S' : '*')}{(line.Tls ? "+" : "")}: {line.Text}"));
}

using System.Text;

namespace MailPlugin.Benchmarks;

/// <summary>The messages of the load programs.</summary>
internal static class LoadMail
{
    public const string Sender = "sender@bench.example";
    public const string Recipient = "recipient@bench.example";

    const string Line = "A line of text as people write it, seventy-six characters with its line end.\r\n";

    /// <summary>A message of about so many bytes as it goes into DATA; no line begins with a dot.</summary>
    public static byte[] Of(int bytes)
    {
        var head = $"From: <{Sender}>\r\nTo: <{Recipient}>\r\nSubject: load\r\nMessage-ID: <load@bench.example>\r\n\r\n";
        return Encoding.ASCII.GetBytes(head + Text(bytes - head.Length));
    }

    /// <summary>Whole lines of text, about so many bytes.</summary>
    public static string Text(int bytes) => string.Concat(Enumerable.Repeat(Line, Math.Max(1, bytes / Line.Length)));
}

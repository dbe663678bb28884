using System.Text;
using System.Text.Json;
using MailPlugin.Smtp.Mime;
using MailPlugin.Transports.Programs;

namespace MailPlugin.Transports.Php;

/// <summary>
/// A message as mail() wants it. It takes To and Subject apart and writes them itself; and whoever it calls reads the recipients from the header fields. So the fields name whom this call is
/// for, and nobody else: who was served before, is suppressed or is mailed by another call leaves them; who is in no field comes in as Bcc, which the mail system strips.
/// </summary>
internal static class PhpMessage
{
    const string Nobody = "undisclosed-recipients:;";

    public static byte[] Input(OutgoingMessage message)
    {
        var block = HeaderBlock.Parse(message.Header);
        var left = new List<string>(message.Recipients);
        var to = Take(block, "To", left);
        var cc = Take(block, "Cc", left);
        var rest = block.Remove("To").Remove("Cc").Remove("Bcc").Remove("Subject");
        var headers = new StringBuilder(Text(rest.ToArray()));
        Append(headers, "Cc", cc);
        Append(headers, "Bcc", left);

        var body = PipeContent.Lines(message.Body);
        var meta = JsonSerializer.SerializeToUtf8Bytes(new
        {
            to = to.Count > 0 ? Join(to) : Nobody,
            subject = block.Find("Subject") is { } subject ? Raw(subject) : "",
            headers = headers.ToString().TrimEnd('\n'),
            parameters = "-f" + (message.EnvelopeFrom.Length == 0 ? "<>" : message.EnvelopeFrom),
            length = body.Length,
        });
        return [.. meta, (byte)'\n', .. body];
    }

    /// <summary>
    /// The sender is the one thing that mail() puts into a command line: <c>sh</c> reads it, and blanks divide it. PHP escapes what is special to a shell and not what divides words, so only what needs no escape
    /// may be there.
    /// </summary>
    public static bool IsSafeSender(string address) =>
        address.Length == 0 || (address[0] != '-' && address.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '@' or '.' or '_' or '-' or '+' or '='));

    /// <summary>The mailboxes of a field that are still to be served, as they stand there; they are taken off the list.</summary>
    static List<string> Take(HeaderBlock block, string name, List<string> left) => block.Find(name) is not { } field
        ? []
        : [.. MailboxList.Split(Raw(field)).Where(mailbox => left.RemoveAll(address => address.Equals(MailboxList.AddressOf(mailbox), StringComparison.OrdinalIgnoreCase)) > 0)];

    static void Append(StringBuilder headers, string name, List<string> mailboxes)
    {
        if (mailboxes.Count > 0)
        {
            headers.Append(name).Append(": ").Append(Join(mailboxes)).Append('\n');
        }
    }

    /// <summary>One on each line: no line is too long, whatever their number.</summary>
    static string Join(List<string> mailboxes) => string.Join(",\n ", mailboxes);

    /// <summary>The value with its folds.</summary>
    static string Raw(HeaderField field) => Text(field.Raw[(field.Raw.Span.IndexOf((byte)':') + 1)..]).Trim();

    static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span).Replace("\r\n", "\n", StringComparison.Ordinal);
}

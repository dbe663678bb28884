using System.Globalization;
using System.Text;

namespace MailPlugin.Smtp;

/// <summary>MAIL and RCPT with the parameters that the server offers and no others.</summary>
internal static class EnvelopeWriter
{
    internal static void Mail(Dialogue dialogue, TransactionPart part, SmtpCapabilities capabilities)
    {
        var stream = dialogue.Stream;
        var transaction = part.Job.Transaction;
        var mark = stream.Gathered;
        stream.Write("MAIL FROM:<"u8);
        stream.Write(transaction.Sender);
        stream.Write(">"u8);
        if (capabilities.Size && transaction.Content.Length is { } size)
        {
            stream.Write(" SIZE="u8);
            stream.Write(size);
        }

        if (transaction.IsEightBit && capabilities.EightBitMime)
        {
            stream.Write(" BODY=8BITMIME"u8);
        }

        if (part.Job.NeedsUtf8)
        {
            stream.Write(" SMTPUTF8"u8);
        }

        if (capabilities.Dsn)
        {
            if (transaction.Return != SmtpReturn.Default)
            {
                stream.Write(transaction.Return == SmtpReturn.Full ? " RET=FULL"u8 : " RET=HDRS"u8);
            }

            if (transaction.EnvelopeId is { } id)
            {
                stream.Write(" ENVID="u8);
                stream.Write(Xtext(id));
            }
        }

        End(dialogue, mark);
    }

    internal static void Rcpt(Dialogue dialogue, SmtpRecipient recipient, SmtpCapabilities capabilities)
    {
        var stream = dialogue.Stream;
        var mark = stream.Gathered;
        stream.Write("RCPT TO:<"u8);
        stream.Write(recipient.Address);
        stream.Write(">"u8);
        if (capabilities.Dsn)
        {
            if (recipient.Notify != SmtpNotify.Default)
            {
                stream.Write(" NOTIFY="u8);
                stream.Write(Notify(recipient.Notify));
            }

            if (recipient.OriginalRecipient is { Length: > 0 } original)
            {
                stream.Write(EnvelopeText.IsAscii(original) ? " ORCPT=rfc822;"u8 : " ORCPT=utf-8;"u8);
                stream.Write(EnvelopeText.IsAscii(original) ? Xtext(original) : UnicodeXtext(original));
            }
        }

        End(dialogue, mark);
    }

    internal static void Simple(Dialogue dialogue, ReadOnlySpan<byte> command)
    {
        var mark = dialogue.Stream.Gathered;
        dialogue.Stream.Write(command);
        End(dialogue, mark);
    }

    static void End(Dialogue dialogue, int mark)
    {
        if (dialogue.Transcript.IsOn)
        {
            dialogue.Transcript.Client(dialogue.Stream.GatheredSince(mark));
        }

        dialogue.Stream.Write("\r\n"u8);
    }

    static string Notify(SmtpNotify notify)
    {
        if (notify.HasFlag(SmtpNotify.Never))
        {
            return "NEVER";
        }

        var words = new List<string>(3);
        if (notify.HasFlag(SmtpNotify.Success))
        {
            words.Add("SUCCESS");
        }

        if (notify.HasFlag(SmtpNotify.Failure))
        {
            words.Add("FAILURE");
        }

        if (notify.HasFlag(SmtpNotify.Delay))
        {
            words.Add("DELAY");
        }

        return string.Join(',', words);
    }

    // RFC 3461 4: everything but printable ASCII without "+" and "=" is "+" and two hexadecimal digits.
    static string Xtext(string text) => Encode(text, static c => c is > ' ' and <= '~' and not ('+' or '='), static c => $"+{(int)c:X2}");

    // RFC 6533 3: the form that needs no SMTPUTF8.
    static string UnicodeXtext(string text)
    {
        var encoded = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is > ' ' and <= '~' and not ('+' or '=' or '\\'))
            {
                encoded.Append((char)rune.Value);
            }
            else
            {
                encoded.Append(CultureInfo.InvariantCulture, $"\\x{{{rune.Value:X}}}");
            }
        }

        return encoded.ToString();
    }

    static string Encode(string text, Func<char, bool> plain, Func<char, string> code)
        => text.All(plain) ? text : string.Concat(text.Select(c => plain(c) ? c.ToString() : code(c)));
}

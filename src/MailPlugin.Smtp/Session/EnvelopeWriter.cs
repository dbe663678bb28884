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
        if (capabilities.Size)
        {
            stream.Write(" SIZE="u8);
            stream.Write(transaction.Content.Length);
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
        if (capabilities.Dsn && recipient.Notify != SmtpNotify.Default)
        {
            stream.Write(" NOTIFY="u8);
            stream.Write(Notify(recipient.Notify));
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
    static string Xtext(string text) => string.Concat(text.Select(c => c is > ' ' and <= '~' and not ('+' or '=') ? $"{c}" : $"+{(int)c:X2}"));
}

namespace MailPlugin.Transports.Php;

/// <summary>A list of mailboxes in a header field, taken apart and left as written.</summary>
internal static class MailboxList
{
    /// <summary>Between the commas that are neither in quotes nor in angle brackets.</summary>
    public static IEnumerable<string> Split(string field)
    {
        var (start, quoted, angled) = (0, false, false);
        for (var at = 0; at < field.Length; at++)
        {
            switch (field[at])
            {
                case '\\' when quoted:
                    at++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case '<' when !quoted:
                    angled = true;
                    break;
                case '>' when !quoted:
                    angled = false;
                    break;
                case ',' when !quoted && !angled:
                    yield return field[start..at].Trim();
                    start = at + 1;
                    break;
            }
        }

        if (field[start..].Trim() is { Length: > 0 } last)
        {
            yield return last;
        }
    }

    /// <summary>The address itself; of a group nothing that is an address.</summary>
    public static string AddressOf(string mailbox) =>
        mailbox.EndsWith('>') && mailbox.LastIndexOf('<') is var open and >= 0 ? mailbox[(open + 1)..^1] : mailbox;
}

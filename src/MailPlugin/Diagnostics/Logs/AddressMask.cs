using System.Text;

namespace MailPlugin.Diagnostics.Logs;

/// <summary>Takes the local parts of addresses out of text: <c>jane@example.com</c> becomes <c>j***@example.com</c>. The domain stays, because faults are those of domains.</summary>
internal static class AddressMask
{
    const string Atoms = "!#$%&'*+-/=?^_`{|}~.";

    public static string Of(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0)
        {
            return text;
        }

        // From the left, each sign looked at once behind the sign before it: text of a server must not cost more than its length.
        var masked = new StringBuilder(text.Length);
        var done = 0;
        for (; at >= 0; at = text.IndexOf('@', at + 1))
        {
            var start = StartOf(text, done, at);
            if (start == at || at + 1 == text.Length || !(char.IsLetterOrDigit(text[at + 1]) || text[at + 1] == '['))
            {
                continue;
            }

            masked.Append(text, done, start - done).Append(text, start, char.IsHighSurrogate(text[start]) ? 2 : 1).Append("***");
            done = at;
        }

        return masked.Append(text, done, text.Length - done).ToString();
    }

    static int StartOf(string text, int from, int at)
    {
        if (at - from >= 2 && text[at - 1] == '"')
        {
            return text.LastIndexOf('"', at - 2, at - 1 - from) is var quote and >= 0 ? quote : at;
        }

        var start = at;
        while (start > from && IsLocal(text[start - 1]))
        {
            start--;
        }

        return start;
    }

    static bool IsLocal(char letter) => char.IsLetterOrDigit(letter) || char.IsSurrogate(letter) || Atoms.Contains(letter, StringComparison.Ordinal);
}

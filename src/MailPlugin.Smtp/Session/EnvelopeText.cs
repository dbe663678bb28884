namespace MailPlugin.Smtp;

/// <summary>The last guard before text enters a command: whatever the caller checked, no command can be injected by an address.</summary>
internal static class EnvelopeText
{
    internal const int LongestPath = 1024;

    internal static void RequirePath(string? path, string argument, bool allowEmpty)
    {
        ArgumentNullException.ThrowIfNull(path, argument);
        if (path.Length == 0 && !allowEmpty)
        {
            throw new ArgumentException("The address is empty.", argument);
        }

        if (path.Length > LongestPath)
        {
            throw new ArgumentException("The address is too long.", argument);
        }

        var quoted = false;
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (c < ' ' || c is '\u007f' or '\u0085' or '\u2028' or '\u2029')
            {
                throw new ArgumentException("The address has a control character.", argument);
            }

            if (quoted && c == '\\')
            {
                i++;
                if (i < path.Length && (path[i] < ' ' || path[i] > '~'))
                {
                    throw new ArgumentException("The address quotes a control character.", argument);
                }
            }
            else if (c == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && c is ('<' or '>' or ' '))
            {
                throw new ArgumentException("The address has a blank or an angle bracket outside quotes.", argument);
            }
        }
    }

    internal static bool IsAscii(string text) => System.Text.Ascii.IsValid(text);
}

using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>The relaxed form of a header field (RFC 6376 section 3.4.2): lower-case name, no folds, one blank for a run of blanks, none around the colon and at the end.</summary>
static class RelaxedHeader
{
    public static void Write(PooledBytes output, ReadOnlySpan<byte> field)
    {
        var target = output.GetSpan(field.Length + 2);
        var colon = field.IndexOf((byte)':');
        Ascii.ToLower(field[..colon].TrimEnd(" \t"u8), target, out var length);
        target[length++] = (byte)':';
        var start = length;
        var isBlank = false;
        foreach (var b in field[(colon + 1)..])
        {
            if (b is (byte)' ' or (byte)'\t')
            {
                isBlank = true;
            }
            else if (b is not ((byte)'\r' or (byte)'\n'))
            {
                if (isBlank && length > start)
                {
                    target[length++] = (byte)' ';
                }

                isBlank = false;
                target[length++] = b;
            }
        }

        "\r\n"u8.CopyTo(target[length..]);
        output.Advance(length + 2);
    }
}

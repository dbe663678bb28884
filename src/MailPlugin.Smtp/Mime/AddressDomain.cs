using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>The domain: host name, internationalised name turned into A-labels (RFC 5890), or address literal (RFC 5321 section 4.1.3).</summary>
static class AddressDomain
{
    const int MaximumBytes = 255;
    const int MaximumLabel = 63;

    static readonly IdnMapping Idn = new() { AllowUnassigned = false, UseStd3AsciiRules = true };

    public static bool TryRead(string text, [NotNullWhen(true)] out string? domain, [NotNullWhen(false)] out string? error)
    {
        domain = null;
        if (text.Length == 0)
        {
            error = "must have a domain after the @";
        }
        else if (text[0] == '[')
        {
            domain = text;
            error = CheckLiteral(text);
        }
        else
        {
            domain = Ascii.IsValid(text) ? text.ToLowerInvariant() : ToALabels(text);
            error = domain is null ? "must have a domain after the @ whose international name is valid (IDNA)" : CheckName(domain);
        }

        return error is null;
    }

    static string? ToALabels(string text)
    {
        try
        {
            return Idn.GetAscii(text).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    static string? CheckName(string domain)
    {
        if (domain.Length > MaximumBytes)
        {
            return $"must have at most {MaximumBytes} bytes after the @";
        }

        var last = ReadOnlySpan<char>.Empty;
        foreach (var range in domain.AsSpan().Split('.'))
        {
            last = domain.AsSpan(range);
            if (last.IsEmpty)
            {
                return "must not have a dot at the start or end of its domain, or two in a row";
            }

            if (last.Length > MaximumLabel)
            {
                return $"must have at most {MaximumLabel} bytes in each part of its domain";
            }

            if (last[0] == '-' || last[^1] == '-')
            {
                return "must not have a hyphen at the start or end of a part of its domain";
            }

            foreach (var c in last)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c != '-')
                {
                    return $"must have only letters, digits, hyphens and dots in its domain, not {(c == ' ' ? "a blank" : $"'{c}'")}";
                }
            }
        }

        return last.IndexOfAnyExceptInRange('0', '9') < 0 ? "must write an IP address in brackets, such as name@[192.0.2.1]" : null;
    }

    static string? CheckLiteral(string text)
    {
        const string Wanted = "must have an address literal such as [192.0.2.1] or [IPv6:2001:db8::1] in its brackets";
        const string Tag = "IPv6:";
        if (text[^1] != ']')
        {
            return "must close the bracket at its end";
        }

        var inner = text[1..^1];
        if (inner.StartsWith(Tag, StringComparison.OrdinalIgnoreCase))
        {
            var digits = inner[Tag.Length..];
            return !digits.Contains('%', StringComparison.Ordinal) && !digits.Contains('[', StringComparison.Ordinal)
                && IPAddress.TryParse(digits, out var six) && six.AddressFamily == AddressFamily.InterNetworkV6 ? null : Wanted;
        }

        // Numbers such as 127.1 or 0x7f.0.0.1 are read by the framework, but are no dotted quads: only what comes back the same is one.
        return IPAddress.TryParse(inner, out var four) && four.AddressFamily == AddressFamily.InterNetwork && four.ToString() == inner ? null : Wanted;
    }
}

using System.Buffers;
using System.Collections.Frozen;

namespace MailPlugin.Smtp.Mime;

/// <summary>What a caller may put into a header. Each check gives null, or what the field is to be, as the rest of a sentence that begins with the field's name.</summary>
public static class HeaderRules
{
    /// <summary>The longest line that may leave, without its CRLF (RFC 5322 section 2.1.1); also the longest subject in bytes of UTF-8.</summary>
    public const int MaximumLine = 998;

    const int MaximumName = 76;
    const int MaximumToken = 900;
    const string NoControl = "must not contain line breaks or other control characters";

    // Written by the composer or the session, or read by sendmail -t as recipients, or trusted by receivers as somebody else's word.
    static readonly FrozenSet<string> Denied = new[]
    {
        "Date", "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Apparently-To", "Subject", "Message-ID", "In-Reply-To", "References", "MIME-Version",
        "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "Return-Path", "Received", "Received-SPF", "DKIM-Signature", "DomainKey-Signature",
        "Authentication-Results", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Envelope-From",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    static readonly string[] DeniedPrefixes = ["Content-", "Resent-", "ARC-"];

    static readonly SearchValues<char> Controls = SearchValues.Create([.. Enumerable.Range(0, 0x20).Append(0x7F).Concat(Enumerable.Range(0x80, 0x20)).Append(0x2028).Append(0x2029).Select(c => (char)c)]);

    /// <summary>Whether a further header field may have this name: printable ASCII without colon, and not a field that is written for the caller.</summary>
    public static string? CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!IsFieldName(name))
        {
            return $"must have a name of 1 to {MaximumName} printable ASCII characters without blank or colon";
        }

        return IsDenied(name) ? "must not be a field that is written by the mail system itself" : null;
    }

    /// <summary>Whether a further header field may have this value: any text in one line.</summary>
    public static string? CheckValue(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return HasControl(value, tabIsFine: true) ? NoControl : null;
    }

    /// <summary>Whether this may be a subject: one line, at most 998 bytes of UTF-8.</summary>
    public static string? CheckSubject(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return CheckValue(subject) ?? (System.Text.Encoding.UTF8.GetByteCount(subject) > MaximumLine ? $"must have at most {MaximumLine} bytes" : null);
    }

    /// <summary>Whether this is a Message-ID with its angle brackets, as In-Reply-To and References name it. Lenient within the brackets, since the ids of others are answered too.</summary>
    public static string? CheckMessageId(string messageId)
    {
        ArgumentNullException.ThrowIfNull(messageId);
        return messageId.Length is > 2 and <= MaximumToken && messageId[0] == '<' && messageId[^1] == '>'
            && messageId.AsSpan(1, messageId.Length - 2).IndexOfAny('<', '>') < 0 && messageId.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            ? null
            : "must be a Message-ID such as <id@example.com>";
    }

    /// <summary>Whether this may be the address of a page that ends a subscription: absolute http or https, and https for one click (RFC 8058).</summary>
    public static string? CheckUnsubscribeUrl(Uri url, bool oneClick)
    {
        ArgumentNullException.ThrowIfNull(url);
        if (!url.IsAbsoluteUri || url.Scheme != Uri.UriSchemeHttps && (oneClick || url.Scheme != Uri.UriSchemeHttp))
        {
            return oneClick ? "must be an https address, since it takes one click" : "must be an http or https address";
        }

        if (url.UserInfo.Length > 0)
        {
            return "must not contain a user name";
        }

        return UnsubscribeLink.Write(url).Length > MaximumToken ? $"must have at most {MaximumToken} characters" : null;
    }

    /// <summary>Whether this is a value of Auto-Submitted (RFC 3834) that a sender may give.</summary>
    public static string? CheckAutoSubmitted(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value is "no" or "auto-generated" or "auto-replied" ? null : "must be no, auto-generated or auto-replied";
    }

    internal static bool IsFieldName(string name)
        => name.Length is > 0 and <= MaximumName && name.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0 && !name.Contains(':', StringComparison.Ordinal);

    internal static bool HasControl(ReadOnlySpan<char> text, bool tabIsFine = false)
    {
        var at = text.IndexOfAny(Controls);
        while (tabIsFine && at >= 0 && text[at] == '\t')
        {
            text = text[(at + 1)..];
            at = text.IndexOfAny(Controls);
        }

        return at >= 0;
    }

    static bool IsDenied(string name)
    {
        foreach (var prefix in DeniedPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return Denied.Contains(name);
    }
}

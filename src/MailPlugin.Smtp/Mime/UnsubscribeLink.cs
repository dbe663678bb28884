using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>How a reader leaves a list, as <c>List-Unsubscribe</c> (RFC 2369) and <c>List-Unsubscribe-Post</c> (RFC 8058).</summary>
/// <param name="Url">A page that ends the subscription. Null: none.</param>
/// <param name="Mailto">A mailbox that takes the wish. Null: none.</param>
/// <param name="OneClick">Whether <paramref name="Url"/> takes a POST without further questions.</param>
public sealed record UnsubscribeLink(Uri? Url, MailboxAddress? Mailto = null, bool OneClick = false)
{
    // ASCII only: the host as A-labels, the rest percent-encoded; nothing that ends an angle bracket survives.
    internal static string Write(Uri url)
    {
        var text = new StringBuilder(url.Scheme).Append("://").Append(url.HostNameType == UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost);
        if (!url.IsDefaultPort)
        {
            text.Append(':').Append(url.Port);
        }

        foreach (var c in url.PathAndQuery + url.Fragment)
        {
            _ = c is '<' or '>' ? text.Append(Uri.HexEscape(c)) : text.Append(c);
        }

        return text.ToString();
    }

    internal static string Write(MailboxAddress mailbox) => $"mailto:{Uri.EscapeDataString(mailbox.LocalPart)}@{mailbox.Domain}";
}

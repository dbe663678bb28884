using MailPlugin.Http.Binding;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Messages;

/// <summary>An address as part of a path or query. It is compared with what is stored, so it need not be one that could be sent to; one that could is spelt as a submission spells it.</summary>
internal static class AddressInPath
{
    const int MaxLength = 320;

    /// <summary>As it stands in envelopes: without quotes that nobody needs, the domain in lower case and in A-labels.</summary>
    public static string Spelt(string address) => MailboxAddress.TryParse(address, out var mailbox, out _) ? mailbox.Address : address;

    public static void Check(string address, Faults faults)
    {
        var at = address.LastIndexOf('@');
        if (address.Length > MaxLength || at <= 0 || at == address.Length - 1)
        {
            faults.Add("address", "must be an address such as name@example.com");
        }
    }
}

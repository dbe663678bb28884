using MailPlugin.Http.Binding;

namespace MailPlugin.Messages;

/// <summary>An address as part of a path. It is compared with what is stored, so it need not be one that could be sent to.</summary>
internal static class AddressInPath
{
    const int MaxLength = 320;

    public static void Check(string address, Faults faults)
    {
        var at = address.LastIndexOf('@');
        if (address.Length > MaxLength || at <= 0 || at == address.Length - 1)
        {
            faults.Add("address", "must be an address such as name@example.com");
        }
    }
}

using MailPlugin.Http.Binding;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Settings.Reading;

/// <summary>An addr-spec in a body; empty counts as absent.</summary>
internal static class AddressRule
{
    const int MaxText = 512;

    public static string? Read(JsonObjectReader reader, string name)
    {
        var text = reader.Text(name, MaxText);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (MailboxAddress.TryParse(text, out var mailbox, out var error))
        {
            return mailbox.Address;
        }

        reader.Fault(name, error);
        return null;
    }
}

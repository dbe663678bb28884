using MailPlugin.Http.Binding;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Settings.Reading;

internal static class CaptureReader
{
    const int MaxRecipients = 100;

    public static CaptureSettings Read(JsonObjectReader? reader)
    {
        if (reader is null)
        {
            return new();
        }

        var settings = new CaptureSettings { AllowRecipients = Recipients(reader), RedirectTo = AddressRule.Read(reader, "redirectTo") };
        reader.Complete();
        return settings;
    }

    static List<string> Recipients(JsonObjectReader reader)
    {
        var allowed = new List<string>();
        var index = 0;
        foreach (var item in reader.Items("allowRecipients", MaxRecipients))
        {
            if (MailboxAddress.TryParse(JsonText.Of(item), out var mailbox, out var error))
            {
                allowed.Add(mailbox.Address);
            }
            else
            {
                reader.Fault($"allowRecipients[{index}]", error);
            }

            index++;
        }

        return allowed;
    }
}

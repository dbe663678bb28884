using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;
using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Smtp.Mime;
using MailPlugin.Templates;

namespace MailPlugin.Submission;

/// <summary>Whom a message comes from and to whom it goes: in its headers, and in its envelope.</summary>
internal static class AddressRules
{
    static readonly string[] WhereRecipientsStand = ["", "to", "cc", "bcc"];

    public static MailboxAddress? From(MailSubmission submission, TemplateOptions options, TransportSettings? bound, MailSettings settings, SubmissionCaller caller, Faults faults)
    {
        MailboxAddress? mailbox;
        if (submission.From is { } given)
        {
            mailbox = Mailbox(given, "from", faults);
        }
        else
        {
            var own = options.From ?? bound?.From ?? settings.Transports.FirstOrDefault(transport => transport.Enabled)?.From ?? settings.From;
            mailbox = own is null || !MailboxAddress.TryParse(own.Address, own.Name, out var parsed, out _) ? null : parsed;
            if (mailbox is null && !faults.At("from"))
            {
                faults.Add("from", "must be given: the settings name no address");
            }
        }

        MustBeOwn(mailbox?.Address, caller, submission.From is null ? "from" : "from.address", faults);
        return mailbox;
    }

    public static MailboxAddress? Sender(MailAddress? given, SubmissionCaller caller, Faults faults)
    {
        var mailbox = given is null ? null : Mailbox(given, "sender", faults);
        MustBeOwn(mailbox?.Address, caller, "sender.address", faults);
        return mailbox;
    }

    public static List<MailboxAddress> ReplyTo(MailSubmission submission, TemplateOptions options, MailSettings settings, Faults faults)
    {
        if (submission.ReplyTo.Count > 0)
        {
            return Mailboxes(submission.ReplyTo, "replyTo", faults);
        }

        return (options.ReplyTo ?? settings.ReplyTo) is { } own && MailboxAddress.TryParse(own.Address, own.Name, out var mailbox, out _) ? [mailbox] : [];
    }

    /// <summary>Empty stays empty: the null sender.</summary>
    public static string? EnvelopeFrom(string? address, SubmissionCaller caller, Faults faults)
    {
        if (string.IsNullOrEmpty(address))
        {
            return address;
        }

        if (MailboxAddress.TryParse(address, out var mailbox, out var error))
        {
            MustBeOwn(mailbox.Address, caller, "envelopeFrom", faults);
            return mailbox.Address;
        }

        faults.Add("envelopeFrom", error);
        return null;
    }

    /// <summary>The envelope: each address once, as what it is named first.</summary>
    public static List<Recipient> Recipients(IReadOnlyList<MailboxAddress> to, IReadOnlyList<MailboxAddress> cc, List<MailboxAddress> bcc, int named, Faults faults)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var recipients = new List<Recipient>();
        foreach (var (mailboxes, kind) in new[] { (to, RecipientKind.To), (cc, RecipientKind.Cc), (bcc, RecipientKind.Bcc) })
        {
            recipients.AddRange(mailboxes.Where(mailbox => seen.Add(Recipient.KeyOf(mailbox.Address))).Select(mailbox => new Recipient(mailbox.Address, kind)));
        }

        if (to.Count + cc.Count + bcc.Count > SubmissionLimits.MaxRecipients)
        {
            faults.Add("to", $"must have at most {SubmissionLimits.MaxRecipients} recipients, cc and bcc included");
        }
        else if (named == 0 && !WhereRecipientsStand.Any(faults.At))
        {
            faults.Add("to", "must have at least one recipient, or cc or bcc");
        }

        return recipients;
    }

    public static List<MailboxAddress> Mailboxes(IReadOnlyList<MailAddress> addresses, string path, Faults faults)
    {
        var mailboxes = new List<MailboxAddress>(addresses.Count);
        for (var i = 0; i < addresses.Count; i++)
        {
            if (Mailbox(addresses[i], $"{path}[{i}]", faults) is { } mailbox)
            {
                mailboxes.Add(mailbox);
            }
        }

        return mailboxes;
    }

    static MailboxAddress? Mailbox(MailAddress address, string path, Faults faults)
    {
        var wrong = faults.AddIf(MailboxAddress.CheckDisplayName(address.Name), $"{path}.name");
        if (MailboxAddress.TryParse(address.Address, out var mailbox, out var error))
        {
            return wrong ? null : mailbox.WithDisplayName(address.Name);
        }

        if (!faults.At(path) && !faults.At($"{path}.address"))
        {
            faults.Add($"{path}.address", error);
        }

        return null;
    }

    /// <summary>A key that is bound to addresses speaks for them alone, wherever a message says whom it comes from.</summary>
    static void MustBeOwn(string? address, SubmissionCaller caller, string path, Faults faults)
    {
        if (address is not null && caller.AllowedFrom.Count > 0 && !caller.AllowedFrom.Contains(address, StringComparer.OrdinalIgnoreCase))
        {
            faults.Add(path, "must be an address that this key may use");
        }
    }
}

using System.Text;
using System.Text.RegularExpressions;
using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;
using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Smtp.Mime;
using MailPlugin.Templates;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Submission;

/// <summary>What a submission is to be, field by field, for REST and code alike. Every fault is noted with its path; what is valid becomes a <see cref="ValidSubmission"/>.</summary>
internal sealed partial class SubmissionRules(SubmissionLimits limits, ITemplateRendering templates)
{
    const int MaxIdempotencyKey = 255;
    const int MaxMetadataKey = 64;
    const int MaxMetadataValue = 1_024;
    const int MaxEnvelopeId = 100;

    static readonly string[] WhereRecipientsStand = ["", "to", "cc", "bcc"];

    /// <returns>Null when <paramref name="faults"/> has something.</returns>
    public ValidSubmission? Check(MailSubmission submission, MailSettings settings, SubmissionCaller caller, DateTimeOffset now, Faults faults)
    {
        var rendered = Content(submission, faults);
        var options = rendered.Options;

        // A template's transport that is no more is no reason to refuse: the order of the settings stands in.
        var bound = submission.Transport is { } id ? Bound(id, settings, faults) : options.Transport is { } own ? settings.Transport(own) : null;
        var from = From(submission, options, bound, settings, caller, faults);
        var draft = new MessageDraft
        {
            From = from!,
            Sender = Sender(submission.Sender, caller, faults),
            ReplyTo = ReplyTo(submission, options, settings, faults),
            To = Mailboxes(submission.To, "to", faults),
            Cc = Mailboxes(submission.Cc, "cc", faults),
            Subject = Subject(rendered.Subject, settings.SubjectPrefix, faults),
            TextBody = rendered.Text,
            HtmlBody = rendered.Html,
            Attachments = [.. Attachments(submission.Attachments, faults), .. Pictures(rendered)],
            Headers = Headers(submission.Headers, faults),
            InReplyTo = MessageId(submission.InReplyTo, "inReplyTo", faults),
            References = [.. submission.References.Select((reference, index) => MessageId(reference, $"references[{index}]", faults)!)],
            ListUnsubscribe = Unsubscribe(submission.ListUnsubscribe, faults),
            AutoSubmitted = Note(submission.AutoSubmitted, submission.AutoSubmitted is { } auto ? HeaderRules.CheckAutoSubmitted(auto) : null, "autoSubmitted", faults),
        };
        List<MailboxAddress> bcc = [.. Mailboxes(submission.Bcc, "bcc", faults), .. options.Bcc.Select(address => MailboxAddress.Parse(address.Address))];
        var recipients = Recipients(draft.To, draft.Cc, bcc, submission.To.Count + submission.Cc.Count + submission.Bcc.Count, faults);
        CheckTimes(submission, now, faults);
        CheckRest(submission, faults);
        var envelopeFrom = EnvelopeFrom(submission.EnvelopeFrom, caller, faults);
        return faults.Any ? null : new(submission, draft, recipients, envelopeFrom, FromIsDefault: submission.From is null && options.From is null)
        {
            Transport = bound?.Id ?? "",
            Priority = submission.Priority == MailPriority.Normal && options.Priority is { } priority ? priority : submission.Priority,
            IsSwitchedOff = !options.Enabled,
            KeepsContent = options.KeepContent,
        };
    }

    static TransportSettings? Bound(string id, MailSettings settings, Faults faults)
    {
        var transport = settings.Transport(id);
        if (transport is null)
        {
            faults.Add("transport", "must be the id of a transport");
        }

        return transport;
    }

    RenderedContent Content(MailSubmission submission, Faults faults)
    {
        if (submission.Template is { } name)
        {
            foreach (var (path, given) in new[] { ("subject", submission.Subject is not null), ("text", submission.Text is not null), ("html", submission.Html is not null) })
            {
                if (given)
                {
                    faults.Add(path, "must not stand beside a template");
                }
            }

            return templates.Render(name, submission.Locale, submission.Model, faults) ?? new("", null, null);
        }

        if (submission.Model is not null)
        {
            faults.Add("model", "must not stand without a template");
        }

        if (submission.Subject is null && !faults.At("subject"))
        {
            faults.Add("subject", "must be given");
        }

        if (submission.Text is null && submission.Html is null && !faults.At("text") && !faults.At("html"))
        {
            faults.Add("text", "must be given, or html, or a template");
        }

        return new(submission.Subject ?? "", submission.Text, submission.Html);
    }

    static MailboxAddress? From(MailSubmission submission, TemplateOptions options, TransportSettings? bound, MailSettings settings, SubmissionCaller caller, Faults faults)
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

    static MailboxAddress? Sender(MailAddress? given, SubmissionCaller caller, Faults faults)
    {
        var mailbox = given is null ? null : Mailbox(given, "sender", faults);
        MustBeOwn(mailbox?.Address, caller, "sender.address", faults);
        return mailbox;
    }

    /// <summary>A key that is bound to addresses speaks for them alone, wherever a message says whom it comes from.</summary>
    static void MustBeOwn(string? address, SubmissionCaller caller, string path, Faults faults)
    {
        if (address is not null && caller.AllowedFrom.Count > 0 && !caller.AllowedFrom.Contains(address, StringComparer.OrdinalIgnoreCase))
        {
            faults.Add(path, "must be an address that this key may use");
        }
    }

    static List<MailboxAddress> ReplyTo(MailSubmission submission, TemplateOptions options, MailSettings settings, Faults faults)
    {
        if (submission.ReplyTo.Count > 0)
        {
            return Mailboxes(submission.ReplyTo, "replyTo", faults);
        }

        return (options.ReplyTo ?? settings.ReplyTo) is { } own && MailboxAddress.TryParse(own.Address, own.Name, out var mailbox, out _) ? [mailbox] : [];
    }

    /// <summary>The prefix goes before the subject once: an answer that already has it is left alone.</summary>
    static string Subject(string subject, string? prefix, Faults faults)
    {
        if (HeaderRules.CheckSubject(subject) is { } error)
        {
            faults.Add("subject", error);
            return "";
        }

        var whole = string.IsNullOrEmpty(prefix) || subject.StartsWith(prefix, StringComparison.Ordinal) ? subject : $"{prefix} {subject}";
        if (HeaderRules.CheckSubject(whole) is not null)
        {
            faults.Add("subject", $"must have at most {HeaderRules.MaximumLine - Encoding.UTF8.GetByteCount(prefix!) - 1} bytes, so that there is room for the prefix");
        }

        return whole;
    }

    static List<Attachment> Attachments(IReadOnlyList<MailAttachment> attachments, Faults faults)
    {
        var parts = new List<Attachment>();
        if (attachments.Count > SubmissionLimits.MaxAttachments)
        {
            faults.Add("attachments", $"must have at most {SubmissionLimits.MaxAttachments} items");
            return parts;
        }

        for (var i = 0; i < attachments.Count; i++)
        {
            var one = attachments[i];
            var path = $"attachments[{i}]";
            var wrong = AddIf(PartRules.CheckFileName(one.Name), $"{path}.name", faults)
                | AddIf(PartRules.CheckContentType(one.ContentType), $"{path}.contentType", faults)
                | AddIf(one.ContentId is null ? null : PartRules.CheckContentId(one.ContentId), $"{path}.contentId", faults);
            if (!wrong)
            {
                parts.Add(Attachment.FromBytes(one.Name, one.ContentType, one.Content, one.ContentId));
            }
        }

        return parts;
    }

    static IEnumerable<Attachment> Pictures(RenderedContent rendered) =>
        rendered.Logo is { } logo ? [Attachment.FromBytes(logo.FileName, logo.ContentType, logo.Content, LayoutLogo.ContentId)] : [];

    static List<KeyValuePair<string, string>> Headers(IReadOnlyDictionary<string, string> headers, Faults faults)
    {
        if (headers.Count > SubmissionLimits.MaxHeaders)
        {
            faults.Add("headers", $"must have at most {SubmissionLimits.MaxHeaders} fields");
        }

        foreach (var (name, value) in headers)
        {
            var path = $"headers.{(name.Length <= 64 ? name : name[..64] + "…")}";
            _ = AddIf(HeaderRules.CheckName(name), path, faults) | AddIf(HeaderRules.CheckValue(value), path, faults);
        }

        return [.. headers];
    }

    static UnsubscribeLink? Unsubscribe(ListUnsubscribe? link, Faults faults)
    {
        if (link is null)
        {
            return null;
        }

        Uri? url = null;
        if (link.Url is not null)
        {
            if (!Uri.TryCreate(link.Url, UriKind.Absolute, out url))
            {
                faults.Add("listUnsubscribe.url", "must be an absolute https address");
            }
            else
            {
                AddIf(HeaderRules.CheckUnsubscribeUrl(url, link.OneClick), "listUnsubscribe.url", faults);
            }
        }
        else if (link.OneClick)
        {
            faults.Add("listUnsubscribe.url", "must be given for one click");
        }

        MailboxAddress? mailto = null;
        if (link.Mailto is not null && !MailboxAddress.TryParse(link.Mailto, out mailto, out var error))
        {
            faults.Add("listUnsubscribe.mailto", error);
        }

        if (link is { Url: null, Mailto: null })
        {
            faults.Add("listUnsubscribe", "must have url or mailto");
        }

        return new(url, mailto, link.OneClick);
    }

    internal static List<MailboxAddress> Mailboxes(IReadOnlyList<MailAddress> addresses, string path, Faults faults)
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
        var wrong = AddIf(MailboxAddress.CheckDisplayName(address.Name), $"{path}.name", faults);
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

    /// <summary>The envelope: each address once, as what it is named first.</summary>
    static List<Recipient> Recipients(IReadOnlyList<MailboxAddress> to, IReadOnlyList<MailboxAddress> cc, List<MailboxAddress> bcc, int named, Faults faults)
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

    void CheckTimes(MailSubmission submission, DateTimeOffset now, Faults faults)
    {
        var end = submission.ExpiresAt ?? now + limits.Expiry;
        if (submission.ExpiresAt is { } expiresAt && (expiresAt <= now || expiresAt > now + limits.LongestExpiry))
        {
            faults.Add("expiresAt", $"must be in the future, at most {limits.LongestExpiry.TotalDays:0} days ahead");
        }
        else if (submission.NotBefore >= end)
        {
            faults.Add("notBefore", submission.ExpiresAt is null ? "must be before the message expires: set expiresAt too" : "must be before expiresAt");
        }
    }

    static void CheckRest(MailSubmission submission, Faults faults)
    {
        AddIf(submission.Source is { } source && !SourceText().IsMatch(source) ? "must have 1 to 64 letters, digits, dots, underscores and hyphens" : null, "source", faults);
        AddIf(submission.IdempotencyKey is { } key && !IsKey(key) ? $"must be 1 to {MaxIdempotencyKey} printable ASCII characters" : null, "idempotencyKey", faults);
        AddIf(submission.Metadata.Count > SubmissionLimits.MaxMetadata ? $"must have at most {SubmissionLimits.MaxMetadata} items" : null, "metadata", faults);
        foreach (var (name, value) in submission.Metadata)
        {
            AddIf(
                name.Length is 0 or > MaxMetadataKey || value.Length > MaxMetadataValue ? $"must have a name of 1 to {MaxMetadataKey} characters and a value of at most {MaxMetadataValue}" : null,
                $"metadata.{(name.Length <= 64 ? name : name[..64] + "…")}", faults);
        }

        if (submission.Dsn is { } dsn)
        {
            var notify = dsn.Notify.All(word => word is "success" or "failure" or "delay") || dsn.Notify is ["never"];
            AddIf(notify ? null : "must be of success, failure and delay, or never alone", "dsn.notify", faults);
            AddIf(dsn.Return is null or "headers" or "full" ? null : "must be headers or full", "dsn.return", faults);
            AddIf(
                dsn.EnvelopeId is not { } id || (id.Length is > 0 and <= MaxEnvelopeId && id.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0) ? null : $"must be 1 to {MaxEnvelopeId} printable ASCII characters without blanks",
                "dsn.envelopeId", faults);
        }
    }

    internal static bool IsKey(string key) => key.Length is > 0 and <= MaxIdempotencyKey && key.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;

    /// <summary>Empty stays empty: the null sender.</summary>
    static string? EnvelopeFrom(string? address, SubmissionCaller caller, Faults faults)
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

    static string? MessageId(string? id, string path, Faults faults) => Note(id, id is null ? null : HeaderRules.CheckMessageId(id), path, faults);

    static string? Note(string? value, string? error, string path, Faults faults)
    {
        AddIf(error, path, faults);
        return value;
    }

    static bool AddIf(string? error, string path, Faults faults)
    {
        if (error is not null && !faults.At(path))
        {
            faults.Add(path, error);
        }

        return error is not null;
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex SourceText();
}

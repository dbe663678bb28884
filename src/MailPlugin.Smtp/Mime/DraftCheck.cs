namespace MailPlugin.Smtp.Mime;

/// <summary>Refuses a draft that would make an invalid message. Callers check their input field by field before; what comes here is misuse.</summary>
static class DraftCheck
{
    public static void ThrowIfInvalid(MessageDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        Refuse("From", draft.From is null ? "must be given" : null);
        if (draft.TextBody is null && draft.HtmlBody is null && draft.Attachments.Count == 0)
        {
            Refuse("The body", "must be given as text, HTML or attachment");
        }

        Refuse("Subject", HeaderRules.CheckSubject(draft.Subject));
        Refuse("MessageId", draft.MessageId is null ? null : HeaderRules.CheckMessageId(draft.MessageId));
        Refuse("InReplyTo", draft.InReplyTo is null ? null : HeaderRules.CheckMessageId(draft.InReplyTo));
        foreach (var id in draft.References)
        {
            Refuse("References", HeaderRules.CheckMessageId(id));
        }

        Refuse("AutoSubmitted", draft.AutoSubmitted is null ? null : HeaderRules.CheckAutoSubmitted(draft.AutoSubmitted));
        if (draft.ListUnsubscribe is { } link)
        {
            Refuse("ListUnsubscribe", link.Url is null && link.Mailto is null ? "must have an address" : null);
            Refuse("ListUnsubscribe", link.Url is null ? (link.OneClick ? "must have an https address for one click" : null) : HeaderRules.CheckUnsubscribeUrl(link.Url, link.OneClick));
        }

        foreach (var (name, value) in draft.Headers)
        {
            Refuse("A header", HeaderRules.CheckName(name) ?? HeaderRules.CheckValue(value));
        }
    }

    static void Refuse(string field, string? error)
    {
        if (error is not null)
        {
            throw new ArgumentException($"{field} {error}.");
        }
    }
}

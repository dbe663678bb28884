using System.Text;
using MailPlugin.Abstractions;
using MailPlugin.Http.Binding;
using MailPlugin.Smtp.Mime;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Submission;

/// <summary>What a message says: subject, headers, attachments.</summary>
internal static class ContentRules
{
    /// <summary>The prefix goes before the subject once: an answer that already has it is left alone.</summary>
    public static string Subject(string subject, string? prefix, Faults faults)
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

    public static List<Attachment> Attachments(IReadOnlyList<MailAttachment> attachments, Faults faults)
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
            var wrong = faults.AddIf(PartRules.CheckFileName(one.Name), $"{path}.name")
                | faults.AddIf(PartRules.CheckContentType(one.ContentType), $"{path}.contentType")
                | faults.AddIf(one.ContentId is null ? null : PartRules.CheckContentId(one.ContentId), $"{path}.contentId");
            if (!wrong)
            {
                parts.Add(Attachment.FromBytes(one.Name, one.ContentType, one.Content, one.ContentId));
            }
        }

        return parts;
    }

    public static IEnumerable<Attachment> Pictures(RenderedContent rendered) =>
        rendered.Logo is { } logo ? [Attachment.FromBytes(logo.FileName, logo.ContentType, logo.Content, LayoutLogo.ContentId)] : [];

    public static List<KeyValuePair<string, string>> Headers(IReadOnlyDictionary<string, string> headers, Faults faults)
    {
        if (headers.Count > SubmissionLimits.MaxHeaders)
        {
            faults.Add("headers", $"must have at most {SubmissionLimits.MaxHeaders} fields");
        }

        foreach (var (name, value) in headers)
        {
            var path = $"headers.{Faults.Shortened(name)}";
            _ = faults.AddIf(HeaderRules.CheckName(name), path) | faults.AddIf(HeaderRules.CheckValue(value), path);
        }

        return [.. headers];
    }

    public static UnsubscribeLink? Unsubscribe(ListUnsubscribe? link, Faults faults)
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
                faults.AddIf(HeaderRules.CheckUnsubscribeUrl(url, link.OneClick), "listUnsubscribe.url");
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

    public static string? MessageId(string? id, string path, Faults faults)
    {
        faults.AddIf(id is null ? null : HeaderRules.CheckMessageId(id), path);
        return id;
    }

    public static string? AutoSubmitted(string? word, Faults faults)
    {
        faults.AddIf(word is null ? null : HeaderRules.CheckAutoSubmitted(word), "autoSubmitted");
        return word;
    }
}

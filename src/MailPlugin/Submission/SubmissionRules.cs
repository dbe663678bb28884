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

    /// <returns>Null when <paramref name="faults"/> has something.</returns>
    public ValidSubmission? Check(MailSubmission submission, MailSettings settings, SubmissionCaller caller, DateTimeOffset now, Faults faults)
    {
        var rendered = Content(submission, faults);
        var options = rendered.Options;

        // A template's transport that is no more is no reason to refuse: the order of the settings stands in.
        var bound = submission.Transport is { } id ? Bound(id, settings, faults) : options.Transport is { } own ? settings.Transport(own) : null;
        var from = AddressRules.From(submission, options, bound, settings, caller, faults);
        var draft = new MessageDraft
        {
            From = from!,
            Sender = AddressRules.Sender(submission.Sender, caller, faults),
            ReplyTo = AddressRules.ReplyTo(submission, options, settings, faults),
            To = AddressRules.Mailboxes(submission.To, "to", faults),
            Cc = AddressRules.Mailboxes(submission.Cc, "cc", faults),
            Subject = ContentRules.Subject(rendered.Subject, settings.SubjectPrefix, faults),
            TextBody = rendered.Text,
            HtmlBody = rendered.Html,
            Attachments = [.. ContentRules.Attachments(submission.Attachments, faults), .. ContentRules.Pictures(rendered)],
            Headers = ContentRules.Headers(submission.Headers, faults),
            InReplyTo = ContentRules.MessageId(submission.InReplyTo, "inReplyTo", faults),
            References = [.. submission.References.Select((reference, index) => ContentRules.MessageId(reference, $"references[{index}]", faults)!)],
            ListUnsubscribe = ContentRules.Unsubscribe(submission.ListUnsubscribe, faults),
            AutoSubmitted = ContentRules.AutoSubmitted(submission.AutoSubmitted, faults),
        };
        List<MailboxAddress> bcc = [.. AddressRules.Mailboxes(submission.Bcc, "bcc", faults), .. options.Bcc.Select(address => MailboxAddress.Parse(address.Address))];
        var recipients = AddressRules.Recipients(draft.To, draft.Cc, bcc, submission.To.Count + submission.Cc.Count + submission.Bcc.Count, faults);
        CheckTimes(submission, now, faults);
        CheckRest(submission, faults);
        var envelopeFrom = AddressRules.EnvelopeFrom(submission.EnvelopeFrom, caller, faults);
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
        faults.AddIf(submission.Source is { } source && !SourceText().IsMatch(source) ? "must have 1 to 64 letters, digits, dots, underscores and hyphens" : null, "source");
        faults.AddIf(submission.IdempotencyKey is { } key && !IsKey(key) ? $"must be 1 to {MaxIdempotencyKey} printable ASCII characters" : null, "idempotencyKey");
        faults.AddIf(submission.Metadata.Count > SubmissionLimits.MaxMetadata ? $"must have at most {SubmissionLimits.MaxMetadata} items" : null, "metadata");
        foreach (var (name, value) in submission.Metadata)
        {
            faults.AddIf(
                name.Length is 0 or > MaxMetadataKey || value.Length > MaxMetadataValue ? $"must have a name of 1 to {MaxMetadataKey} characters and a value of at most {MaxMetadataValue}" : null,
                $"metadata.{Faults.Shortened(name)}");
        }

        if (submission.Dsn is { } dsn)
        {
            var notify = dsn.Notify.All(word => word is "success" or "failure" or "delay") || dsn.Notify is ["never"];
            faults.AddIf(notify ? null : "must be of success, failure and delay, or never alone", "dsn.notify");
            faults.AddIf(dsn.Return is null or "headers" or "full" ? null : "must be headers or full", "dsn.return");
            faults.AddIf(
                dsn.EnvelopeId is not { } id || (id.Length is > 0 and <= MaxEnvelopeId && id.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0) ? null : $"must be 1 to {MaxEnvelopeId} printable ASCII characters without blanks",
                "dsn.envelopeId");
        }
    }

    internal static bool IsKey(string key) => key.Length is > 0 and <= MaxIdempotencyKey && key.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex SourceText();
}

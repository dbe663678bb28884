using System.Security.Claims;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Pipeline;
using MailPlugin.Http.Problems;
using MailPlugin.Queue;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Smtp.Mime;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Submission;

/// <summary>Sends a finished message once more as a new one: a Message-ID and a date of its own, other recipients if wanted, linked with the first.</summary>
internal static class ResendMessage
{
    const int MaxBytes = 256 * 1024;

    public static async Task<IResult> HandleAsync(string id, HttpContext context, ClaimsPrincipal user, IMessageReader messages, Submitter submitter, IAuditLog audit, TimeProvider clock)
    {
        var (recipients, unreadable) = await ReadRecipientsAsync(context);
        if (unreadable is not null)
        {
            return unreadable;
        }

        var original = await messages.FindAsync(id, context.RequestAborted);
        if (original is null)
        {
            return Problem.NotFound();
        }

        if (original.Status.IsOpen() || await messages.ReadContentAsync(id, context.RequestAborted) is not { } content)
        {
            return Problem.Of("wrong-state");
        }

        var message = Again(original, content, recipients, Callers.Of(user).Owner, clock.GetUtcNow());
        if (message.Recipients.Count == 0)
        {
            return Problem.Of("wrong-state");
        }

        var result = await submitter.EnqueueAsync(message, context.RequestAborted);
        if (result.Receipt is not { } receipt)
        {
            return result.Problem!;
        }

        await audit.WriteAsync(user.Name(), "message resend", id, receipt.Id, context.RequestAborted);
        return Results.Accepted(MountPoint.LinkTo(context, $"messages/{receipt.Id}"), ReceiptAnswer.Of(receipt));
    }

    static async Task<(IReadOnlyList<MailboxAddress>? Recipients, ProblemResult? Problem)> ReadRecipientsAsync(HttpContext context)
    {
        if (context.Request.ContentLength is null or 0 && context.Request.ContentType is null)
        {
            return (null, null);
        }

        var (body, unreadable) = await RequestBody.ReadAsync(context, MaxBytes);
        using var read = body;
        if (read is null)
        {
            return (null, unreadable);
        }

        var faults = new Faults();
        var json = new JsonObjectReader(read.Root, "", faults);
        var given = json.TryGetValue("to", out _);
        var addresses = SubmissionReader.Addresses(json, "to");
        json.Complete();
        var mailboxes = AddressRules.Mailboxes(addresses, "to", faults);
        if (given && addresses.Count == 0 && !faults.Any)
        {
            faults.Add("to", "must have at least one recipient");
        }

        return faults.Any ? (null, Problem.Invalid("invalid-message", faults)) : (given ? mailboxes : null, null);
    }

    static NewMessage Again(MessageRecord original, MessageContent content, IReadOnlyList<MailboxAddress>? to, string owner, DateTimeOffset now)
    {
        var id = MessageIdentity.New(now);
        var messageId = MessageIdentity.Header(id, original.From.Address[(original.From.Address.LastIndexOf('@') + 1)..]);
        var header = HeaderBlock.Parse(content.Header)
            .Replace(HeaderField.Text("Message-ID", messageId))
            .Replace(HeaderField.Text("Date", DateText(now)));
        if (to is not null)
        {
            header = header.Replace(HeaderField.Mailboxes("To", to)).Remove("Cc");
        }

        IReadOnlyList<Recipient> recipients = to is null
            ? [.. original.Recipients.Where(recipient => recipient.Address.Contains('@', StringComparison.Ordinal)).Select(recipient => new Recipient(recipient.Address, recipient.Kind))]
            : [.. to.DistinctBy(mailbox => Recipient.KeyOf(mailbox.Address)).Select(mailbox => new Recipient(mailbox.Address, RecipientKind.To))];
        return new()
        {
            Id = id,
            MessageId = messageId,
            CreatedAt = now,
            ExpiresAt = now,
            Priority = original.Priority,
            Source = original.Source,
            Transport = original.Transport,
            Owner = owner,
            Subject = original.Subject,
            From = original.From,
            FromIsDefault = original.FromIsDefault,
            EnvelopeFrom = original.EnvelopeFrom,
            Recipients = recipients,
            Header = header.ToArray(),
            Body = content.Body,
            NeedsSmtpUtf8 = original.NeedsSmtpUtf8 || recipients.Any(recipient => !System.Text.Ascii.IsValid(recipient.Address)),
            Dsn = original.Dsn,
            Template = original.Template,
            Metadata = original.Metadata,
            ResentFrom = original.Id,
        };
    }

    /// <summary>RFC 5322 section 3.3.</summary>
    static string DateText(DateTimeOffset time) => time.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) + " +0000";
}

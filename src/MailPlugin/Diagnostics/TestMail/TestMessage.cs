using MailPlugin.Smtp.Mime;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>The mail that a test sends.</summary>
internal static class TestMessage
{
    /// <summary>Bytes that such a mail has, roughly.</summary>
    public const int TypicalSize = 6_000;

    public static string SubjectOf(TestRequest request, RenderedMail mail) =>
        request.Settings.SubjectPrefix is { } prefix && !mail.Subject.StartsWith(prefix, StringComparison.Ordinal) ? $"{prefix} {mail.Subject}" : mail.Subject;

    public static MessageDraft Draft(TestRequest request, RenderedMail mail, string messageId) => new()
    {
        From = MailboxAddress.Parse(request.From.Address, request.From.Name),
        ReplyTo = (request.ReplyTo ?? request.Settings.ReplyTo) is { } reply ? [MailboxAddress.Parse(reply.Address, reply.Name)] : [],
        To = [MailboxAddress.Parse(request.To)],
        Subject = SubjectOf(request, mail),
        TextBody = mail.Text,
        HtmlBody = mail.Html,
        Attachments = mail.Logo is { } logo ? [Attachment.FromBytes(logo.FileName, logo.ContentType, logo.Content, LayoutLogo.ContentId)] : [],
        AutoSubmitted = "auto-generated",
        MessageId = messageId,
    };
}

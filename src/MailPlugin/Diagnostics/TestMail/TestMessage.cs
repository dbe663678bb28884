using MailPlugin.Http;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>The mail that a test sends.</summary>
internal static class TestMessage
{
    /// <summary>Bytes that such a mail has, to within a line or two.</summary>
    public const int TypicalSize = 700;

    static readonly LocalizedText Subject = new("Test email", "测试邮件");

    static readonly LocalizedText Text = new(
        "This is a test email. Since you can read it, outgoing mail works with these settings.\n",
        "这是一封测试邮件。您能读到它，说明当前设置可以正常外发邮件。\n");

    public static string SubjectOf(TestRequest request, Language language)
    {
        var subject = Subject.In(language);
        return request.Settings.SubjectPrefix is { } prefix ? $"{prefix} {subject}" : subject;
    }

    public static MessageDraft Draft(TestRequest request, Language language, string messageId) => new()
    {
        From = MailboxAddress.Parse(request.From.Address, request.From.Name),
        ReplyTo = request.Settings.ReplyTo is { } reply ? [MailboxAddress.Parse(reply.Address, reply.Name)] : [],
        To = [MailboxAddress.Parse(request.To)],
        Subject = SubjectOf(request, language),
        TextBody = Text.In(language),
        AutoSubmitted = "auto-generated",
        MessageId = messageId,
    };
}

using MailPlugin.Smtp.Mime;

namespace MailPlugin.Smtp.Tests.Mime;

public sealed class HeaderRulesTests
{
    [Theory]
    [InlineData("X-Ticket")]
    [InlineData("List-Id")]
    [InlineData("Importance")]
    [InlineData("Precedence")]
    [InlineData("Disposition-Notification-To")]
    [InlineData("Feedback-ID")]
    public void Further_fields_are_free(string name) => Assert.Null(HeaderRules.CheckName(name));

    [Theory]
    [InlineData("from")]
    [InlineData("BCC")]
    [InlineData("To")]
    [InlineData("Resent-To")]
    [InlineData("resent-bcc")]
    [InlineData("Content-Type")]
    [InlineData("content-anything")]
    [InlineData("MIME-Version")]
    [InlineData("DKIM-Signature")]
    [InlineData("ARC-Seal")]
    [InlineData("Received")]
    [InlineData("Return-Path")]
    [InlineData("Authentication-Results")]
    [InlineData("List-Unsubscribe-Post")]
    public void Fields_of_the_mail_system_are_refused(string name)
    {
        Assert.Equal("must not be a field that is written by the mail system itself", HeaderRules.CheckName(name));
        Assert.Throws<ArgumentException>((Drafts.Some() with { Headers = [new(name, "x")] }).Compose);
    }

    [Theory]
    [InlineData("")]
    [InlineData("X Ticket")]
    [InlineData("X-Ticket:")]
    [InlineData("X-Tïcket")]
    [InlineData("X\r\nBcc")]
    public void What_is_no_name_is_refused(string name)
    {
        Assert.Equal("must have a name of 1 to 76 printable ASCII characters without blank or colon", HeaderRules.CheckName(name));
        Assert.Throws<ArgumentException>((Drafts.Some() with { Headers = [new(name, "x")] }).Compose);
    }

    [Fact]
    public void A_subject_has_998_bytes_at_most()
    {
        Assert.Null(HeaderRules.CheckSubject(new string('s', 998)));
        Assert.Equal("must have at most 998 bytes", HeaderRules.CheckSubject(new string('s', 999)));
        Assert.Equal("must have at most 998 bytes", HeaderRules.CheckSubject(new string('题', 333)));
    }

    [Theory]
    [InlineData("<a@b>", true)]
    [InlineData("<20261121.no-at-sign>", true)]
    [InlineData("a@b", false)]
    [InlineData("<>", false)]
    [InlineData("<a b@c>", false)]
    [InlineData("<a@b> <c@d>", false)]
    [InlineData("<ä@b>", false)]
    public void A_message_id_has_its_brackets(string id, bool isGood)
        => Assert.Equal(isGood ? null : "must be a Message-ID such as <id@example.com>", HeaderRules.CheckMessageId(id));

    [Theory]
    [InlineData("https://sender.example/u", true, null)]
    [InlineData("http://sender.example/u", false, null)]
    [InlineData("http://sender.example/u", true, "must be an https address, since it takes one click")]
    [InlineData("ftp://sender.example/u", false, "must be an http or https address")]
    [InlineData("/u", false, "must be an http or https address")]
    [InlineData("https://user@sender.example/u", false, "must not contain a user name")]
    public void A_link_that_takes_one_click_is_https(string url, bool oneClick, string? error)
        => Assert.Equal(error, HeaderRules.CheckUnsubscribeUrl(new Uri(url, UriKind.RelativeOrAbsolute), oneClick));

    [Theory]
    [InlineData("application/pdf", true)]
    [InlineData("text/plain; charset=utf-8; format=flowed", true)]
    [InlineData("text/plain; charset=\"utf-8\"", true)]
    [InlineData("text/plain;", true)]
    [InlineData("image/svg+xml", true)]
    [InlineData("pdf", false)]
    [InlineData("application/", false)]
    [InlineData("text/plain; charset", false)]
    [InlineData("text/plain; charset=\"utf-8", false)]
    [InlineData("text/plain charset=utf-8", false)]
    [InlineData("text/plain\r\nBcc: x", false)]
    public void A_content_type_is_a_media_type(string type, bool isGood)
        => Assert.Equal(isGood ? null : "must be a media type such as application/pdf", PartRules.CheckContentType(type));

    [Fact]
    public void Parts_have_names_without_paths_and_ids_that_html_can_name()
    {
        Assert.Equal("must be a file name without a path", PartRules.CheckFileName("../etc/passwd"));
        Assert.Equal("must be a file name without a path", PartRules.CheckFileName("C:\\a.txt"));
        Assert.Equal("must not be empty", PartRules.CheckFileName(" "));
        Assert.Equal("must have at most 255 bytes", PartRules.CheckFileName(new string('长', 86)));
        Assert.Equal("must not be a multipart type", PartRules.CheckContentType("multipart/mixed; boundary=x"));
        Assert.NotNull(PartRules.CheckContentId("<logo>"));
        Assert.Null(PartRules.CheckContentId("logo"));
    }
}

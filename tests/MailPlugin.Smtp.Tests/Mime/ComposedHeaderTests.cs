using MailPlugin.Smtp.Mime;

namespace MailPlugin.Smtp.Tests.Mime;

/// <summary>The exact bytes of header fields, by examples of the RFCs.</summary>
public sealed class ComposedHeaderTests
{
    [Fact]
    public void A_plain_message_reads_like_one_written_by_hand()
    {
        var draft = Drafts.Some() with { MessageId = "<1@sender.example>" };
        Assert.Equal(
            "Date: Sat, 21 Nov 2026 12:00:00 +0000\r\nFrom: Sender <sender@sender.example>\r\nTo: to@recipient.example\r\nSubject: Some subject\r\n"
            + "Message-ID: <1@sender.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\nSome text\r\n",
            draft.Text());
    }

    [Theory]
    [InlineData("für", "Subject: =?utf-8?Q?f=C3=BCr?=\r\n")]
    [InlineData("für alle Fälle", "Subject: =?utf-8?Q?f=C3=BCr_alle_F=C3=A4lle?=\r\n")]
    [InlineData("Re: Müller (42) and so on", "Subject: Re: =?utf-8?Q?M=C3=BCller?= (42) and so on\r\n")]
    [InlineData("订单", "Subject: =?utf-8?B?6K6i5Y2V?=\r\n")]
    [InlineData("=?utf-8?Q?x?=", "Subject: =?utf-8?B?PT91dGYtOD9RP3g/PQ==?=\r\n")]
    [InlineData(" edge", "Subject: =?utf-8?Q?_edge?=\r\n")]
    public void A_subject_is_encoded_where_it_must_be(string subject, string field)
        => Assert.Equal(field, (Drafts.Some() with { Subject = subject }).RawField("Subject"));

    [Fact]
    public void Encoded_words_are_folded_and_tear_no_character()
    {
        var raw = (Drafts.Some() with { Subject = string.Concat(Enumerable.Repeat("订😀é", 40)) }).RawField("Subject");
        var lines = raw.TrimEnd().Split("\r\n");
        Assert.True(lines.Length > 5);
        foreach (var word in lines.Select(line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]))
        {
            Assert.InRange(word.Length, 12, 75);
            Assert.StartsWith("=?utf-8?B?", word, StringComparison.Ordinal);
            var text = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Convert.FromBase64String(word[10..^2]));
            Assert.NotEmpty(text);
        }

        Assert.All(lines, line => Assert.InRange(line.Length, 1, 76));
    }

    [Theory]
    [InlineData("Plain Name", "From: Plain Name <sender@sender.example>\r\n")]
    [InlineData("Doe, John", "From: \"Doe, John\" <sender@sender.example>\r\n")]
    [InlineData("The \"Boss\" \\", "From: \"The \\\"Boss\\\" \\\\\" <sender@sender.example>\r\n")]
    [InlineData("J. Doe", "From: \"J. Doe\" <sender@sender.example>\r\n")]
    [InlineData("two  blanks", "From: \"two  blanks\" <sender@sender.example>\r\n")]
    [InlineData("a@b", "From: \"a@b\" <sender@sender.example>\r\n")]
    [InlineData("Müller", "From: =?utf-8?Q?M=C3=BCller?= <sender@sender.example>\r\n")]
    [InlineData("=?utf-8?Q?x?=", "From: =?utf-8?B?PT91dGYtOD9RP3g/PQ==?= <sender@sender.example>\r\n")]
    [InlineData(null, "From: sender@sender.example\r\n")]
    public void A_display_name_is_quoted_or_encoded_where_it_must_be(string? name, string field)
        => Assert.Equal(field, (Drafts.Some() with { From = MailboxAddress.Parse("sender@sender.example", name) }).RawField("From"));

    [Fact]
    public void A_long_list_of_recipients_is_folded_between_them()
    {
        var raw = (Drafts.Some() with { To = [.. Enumerable.Range(0, 50).Select(i => MailboxAddress.Parse($"recipient{i}@recipient.example"))] }).RawField("To");
        Assert.All(raw.TrimEnd().Split("\r\n"), line => Assert.InRange(line.Length, 2, 78));
        Assert.Equal($"To: {string.Join(", ", Enumerable.Range(0, 50).Select(i => $"recipient{i}@recipient.example"))}", raw.Replace("\r\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void A_message_to_nobody_by_name_says_so()
        => Assert.Contains("\r\nTo: undisclosed-recipients:;\r\n", (Drafts.Some() with { To = [] }).HeaderText(), StringComparison.Ordinal);

    [Fact]
    public void A_message_id_is_random_and_in_the_domain_of_the_sender()
    {
        using var one = Drafts.Some().Compose();
        using var two = Drafts.Some().Compose();
        Assert.Matches("^<[0-9a-f]{32}@sender\\.example>$", one.MessageId);
        Assert.NotEqual(one.MessageId, two.MessageId);
        Assert.Equal(one.MessageId, HeaderBlock.Parse(one.Header).Get("Message-ID"));
    }

    [Fact]
    public void The_date_is_that_of_the_clock_unless_it_is_given()
    {
        using var composed = new MessageComposer(new FixedTime(Drafts.Noon)).Compose(Drafts.Some() with { Date = null });
        Assert.Equal("Sat, 21 Nov 2026 12:00:00 +0000", HeaderBlock.Parse(composed.Header).Get("Date"));
        Assert.Equal("Date: Thu, 01 Jan 2026 03:04:05 -0330\r\n", (Drafts.Some() with { Date = new DateTimeOffset(2026, 1, 1, 3, 4, 5, TimeSpan.FromMinutes(-210)) }).RawField("Date"));
    }

    [Fact]
    public void A_file_name_in_any_script_is_written_with_continuations()
    {
        var body = (Drafts.Some() with { Attachments = [Attachment.FromBytes("发票 2026年11月 (复印件).pdf", "application/pdf", default)] }).BodyText();
        Assert.Contains(
            "Content-Disposition: attachment;\r\n filename*0*=utf-8''%E5%8F%91%E7%A5%A8%202026%E5%B9%B411%E6%9C%88%20%28;\r\n filename*1*=%E5%A4%8D%E5%8D%B0%E4%BB%B6%29.pdf\r\n",
            body,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_file_name_stays_in_one_piece()
    {
        var body = (Drafts.Some() with { Attachments = [Attachment.FromBytes("ä.txt", "text/plain", default), Attachment.FromBytes("plain name.txt", "text/plain", default)] }).BodyText();
        Assert.Contains("Content-Disposition: attachment; filename*=utf-8''%C3%A4.txt\r\n", body, StringComparison.Ordinal);
        Assert.Contains("Content-Disposition: attachment; filename=\"plain name.txt\"\r\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public void An_international_link_is_written_in_ASCII()
    {
        var link = new UnsubscribeLink(new Uri("https://bücher.example:8443/ä?q=<x>"), MailboxAddress.Parse("\"a b\"@sender.example"));
        Assert.Equal(
            "List-Unsubscribe: <https://xn--bcher-kva.example:8443/%C3%A4?q=%3Cx%3E>,\r\n <mailto:%22a%20b%22@sender.example>\r\n",
            (Drafts.Some() with { ListUnsubscribe = link }).RawField("List-Unsubscribe"));
    }

    [Fact]
    public void A_draft_that_makes_no_message_is_refused()
    {
        Assert.Throws<ArgumentException>((Drafts.Some() with { TextBody = null }).Compose);
        Assert.Throws<ArgumentException>((Drafts.Some() with { AutoSubmitted = "maybe" }).Compose);
        Assert.Throws<ArgumentException>((Drafts.Some() with { ListUnsubscribe = new UnsubscribeLink(null) }).Compose);
        Assert.Throws<ArgumentException>((Drafts.Some() with { ListUnsubscribe = new UnsubscribeLink(null, MailboxAddress.Parse("a@b.example"), OneClick: true) }).Compose);
    }

    sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

using System.Buffers;
using System.Text;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Smtp.Tests.Mime;

/// <summary>The exact bytes of bodies: which encoding is chosen, and what it makes of what relays and mailbox files would change.</summary>
public sealed class ComposedBodyTests
{
    [Theory]
    [InlineData("plain\n", "7bit", "plain\r\n")]
    [InlineData("a\rb\nc\r\n", "7bit", "a\r\nb\r\nc\r\n")]
    [InlineData("a\n\n\nb", "7bit", "a\r\n\r\n\r\nb\r\n")]
    [InlineData("", "7bit", "\r\n")]
    [InlineData(".\n", "quoted-printable", "=2E\r\n")]
    [InlineData("From here\nto there", "quoted-printable", "=46rom here\r\nto there\r\n")]
    [InlineData("blank \ntab\t\n", "quoted-printable", "blank=20\r\ntab=09\r\n")]
    [InlineData("nul\0", "quoted-printable", "nul=00\r\n")]
    [InlineData("a + b = c, and für all", "quoted-printable", "a + b =3D c, and f=C3=BCr all\r\n")]
    [InlineData("订单", "base64", "6K6i5Y2V\r\n")]
    [InlineData("订\n单\n", "base64", "6K6iDQrljZUNCg==\r\n")]
    public void A_text_travels_in_the_encoding_that_suits_it(string text, string encoding, string body)
    {
        var draft = Drafts.Some() with { TextBody = text };
        Assert.Equal($"Content-Transfer-Encoding: {encoding}\r\n", draft.RawField("Content-Transfer-Encoding"));
        Assert.Equal(body, draft.BodyText());
    }

    [Fact]
    public void Quoted_printable_uses_its_lines_and_no_more()
    {
        var lines = (Drafts.Some() with { TextBody = "ü\n" + new string('a', 76) + "\n" + new string('b', 77) + "\n" + new string('c', 74) + "ü\n" + new string('.', 200) }).BodyText().Split("\r\n");
        Assert.Equal("=C3=BC", lines[0]);
        Assert.Equal(new string('a', 76), lines[1]);
        Assert.Equal(new string('b', 75) + "=", lines[2]);
        Assert.Equal("bb", lines[3]);
        Assert.Equal(new string('c', 74) + "=", lines[4]);
        Assert.Equal("=C3=BC", lines[5]);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, 76));
        Assert.All(lines, line => Assert.False(line.StartsWith('.')));
    }

    [Fact]
    public void Eight_bits_travel_as_they_are_only_when_allowed()
    {
        var draft = Drafts.Some() with { TextBody = "Grüße\n订单" };
        using var seven = new MessageComposer().Compose(draft);
        Assert.True(seven.Is7Bit);
        using var eight = new MessageComposer { Allow8Bit = true }.Compose(draft);
        Assert.False(eight.Is7Bit);
        Assert.False(eight.NeedsSmtpUtf8);
        Assert.Equal("Grüße\r\n订单\r\n", Encoding.UTF8.GetString(eight.Body));
        Assert.Equal("8bit", HeaderBlock.Parse(eight.Header).Get("Content-Transfer-Encoding"));
        using var longLine = new MessageComposer { Allow8Bit = true }.Compose(draft with { TextBody = new string('ü', 600) });
        Assert.True(longLine.Is7Bit);
    }

    [Fact]
    public void A_text_cannot_break_out_of_its_part()
    {
        using var first = (Drafts.Some() with { HtmlBody = "<p>" }).Compose();
        var boundary = HeaderBlock.Parse(first.Header).Get("Content-Type")!.Split('"')[1];
        Assert.Matches("^=_[0-9a-f]{32}_alt$", boundary);
        using var second = (Drafts.Some() with { HtmlBody = "<p>" }).Compose();
        Assert.DoesNotContain(boundary, Encoding.ASCII.GetString(second.ToBytes()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false, 0, 0, "text/plain")]
    [InlineData(false, true, 0, 0, "text/html")]
    [InlineData(true, true, 0, 0, "multipart/alternative")]
    [InlineData(false, true, 1, 0, "multipart/related")]
    [InlineData(true, true, 1, 0, "multipart/alternative")]
    [InlineData(true, false, 0, 1, "multipart/mixed")]
    [InlineData(true, true, 1, 1, "multipart/mixed")]
    [InlineData(false, false, 0, 1, "application/pdf")]
    [InlineData(false, false, 0, 2, "multipart/mixed")]
    [InlineData(true, false, 1, 0, "multipart/mixed")]
    public void A_level_with_one_child_is_left_out(bool hasText, bool hasHtml, int inline, int attached, string type)
    {
        var draft = Drafts.Some() with
        {
            TextBody = hasText ? "text" : null,
            HtmlBody = hasHtml ? "<p>" : null,
            Attachments =
            [
                .. Enumerable.Range(0, inline).Select(i => Attachment.FromBytes(null, "image/png", new byte[10], $"part{i}")),
                .. Enumerable.Range(0, attached).Select(_ => Attachment.FromBytes("a.pdf", "application/pdf", new byte[10])),
            ],
        };
        Assert.StartsWith($"Content-Type: {type};", draft.RawField("Content-Type"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_is_as_long_as_it_says()
    {
        using var message = (Drafts.Some() with { Attachments = [Attachment.FromBytes("a.bin", "application/octet-stream", new byte[300_000])] }).Compose();
        Assert.Equal(message.Size, message.ToBytes().Length);
        Assert.Equal(message.Header.Length + 2 + message.Body.Length, message.Size);
    }

    [Fact]
    public void Ten_kilobytes_are_composed_without_copies_on_the_heap()
    {
        const int Rounds = 200;
        var draft = Drafts.Some() with
        {
            TextBody = string.Concat(Enumerable.Repeat("Grüße: the quick brown fox jumps over the lazy dog.\n", 90)),
            HtmlBody = string.Concat(Enumerable.Repeat("<p style=\"color: #333\">The quick brown fox jumps over the lazy dog.</p>\n", 80)),
        };
        var composer = new MessageComposer();
        var before = 0L;
        for (var i = -20; i < Rounds; i++)
        {
            before = i == 0 ? GC.GetAllocatedBytesForCurrentThread() : before;
            using var message = composer.Compose(draft);
            Assert.InRange(message.Size, 10_000, 14_000);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Rounds, 1, 13_500);
    }

    [Fact]
    public void A_message_that_went_back_to_the_pool_cannot_be_read()
    {
        var message = Drafts.Some().Compose();
        message.Dispose();
        message.Dispose();
        Assert.Throws<ObjectDisposedException>(() => message.Header);
        Assert.Throws<ObjectDisposedException>(() => message.Body.Length);
    }
}

using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Smtp.Tests.Mime;

public sealed class HeaderBlockTests
{
    const string Fields = "X-First:  kept  as it is \r\nFrom: Old\r\n <old@sender.example>\r\nSubject: =?utf-8?B?5rWL?=\r\n\t=?utf-8?B?6K+V?=\r\nReply-To: a@sender.example\r\nX-Last:\r\n";

    [Fact]
    public void What_was_read_is_written_back_byte_for_byte()
    {
        var block = Parse(Fields);
        Assert.Equal(Fields, Text(block));
        Assert.Equal(["X-First", "From", "Subject", "Reply-To", "X-Last"], block.Fields.Select(field => field.Name));
        Assert.Equal(Fields.Length, block.Length);
        var written = new ArrayBufferWriter<byte>();
        block.WriteTo(written);
        Assert.Equal(Fields, Encoding.ASCII.GetString(written.WrittenSpan));
    }

    [Fact]
    public void Reading_stops_at_the_empty_line()
        => Assert.Equal(Fields, Text(Parse($"{Fields}\r\nNot: a field\r\n")));

    [Fact]
    public void A_value_is_given_unfolded_and_still_encoded()
    {
        var block = Parse(Fields);
        Assert.Equal("Old <old@sender.example>", block.Get("from"));
        Assert.Equal("=?utf-8?B?5rWL?=\t=?utf-8?B?6K+V?=", block.Get("Subject"));
        Assert.Equal("", block.Get("X-Last"));
        Assert.Null(block.Get("To"));
    }

    [Fact]
    public void Replacing_changes_one_field_in_its_place_and_nothing_else()
    {
        var block = Parse(Fields).Replace(HeaderField.Mailbox("From", MailboxAddress.Parse("new@sender.example", "Neuer Ä")));
        Assert.Equal(Fields.Replace("From: Old\r\n <old@sender.example>\r\n", "From: =?utf-8?Q?Neuer_=C3=84?= <new@sender.example>\r\n", StringComparison.Ordinal), Text(block));
    }

    [Fact]
    public void Replacing_leaves_one_field_of_its_name()
    {
        var block = Parse("A: 1\r\nB: 2\r\na: 3\r\n").Replace(HeaderField.Text("A", "4"));
        Assert.Equal("A: 4\r\nB: 2\r\n", Text(block));
        Assert.Equal("B: 2\r\nA: 4\r\n", Text(Parse("B: 2\r\n").Replace(HeaderField.Text("A", "4"))));
    }

    [Fact]
    public void Removing_and_inserting_leave_the_block_they_came_from_alone()
    {
        var block = Parse(Fields);
        Assert.DoesNotContain("Reply-To", Text(block.Remove("reply-to")), StringComparison.Ordinal);
        var bcc = HeaderField.Mailboxes("Bcc", [MailboxAddress.Parse("b@recipient.example"), MailboxAddress.Parse("c@recipient.example")]);
        Assert.StartsWith("Bcc: b@recipient.example, c@recipient.example\r\nX-First:", Text(block.Prepend(bcc)), StringComparison.Ordinal);
        Assert.Equal(["X-First", "Bcc", "From", "Subject", "Reply-To", "X-Last"], block.Insert(1, bcc).Fields.Select(field => field.Name));
        Assert.Equal(Fields, Text(block));
    }

    [Fact]
    public void A_line_that_is_no_field_stays_with_the_field_before_it()
    {
        const string Odd = "A: 1\r\nno field here\r\nB : 2\r\nC: 3\r\n";
        var block = Parse(Odd);
        Assert.Equal(["A", "C"], block.Fields.Select(field => field.Name));
        Assert.Equal(Odd, Text(block));
        Assert.Throws<FormatException>(() => Parse("no field\r\n"));
    }

    [Fact]
    public void A_made_field_cannot_inject_another()
    {
        Assert.Throws<ArgumentException>(() => HeaderField.Text("Subject", "a\r\nBcc: b@recipient.example"));
        Assert.Throws<ArgumentException>(() => HeaderField.Text("Subject: x\r\nBcc", "a"));
        Assert.Throws<ArgumentException>(() => HeaderField.Mailboxes("To\r\n", [MailboxAddress.Parse("a@recipient.example")]));
        Assert.Throws<ArgumentException>(() => HeaderField.Mailboxes("To", []));
    }

    [Fact]
    public void Whatever_the_bytes_nothing_is_lost()
    {
        var scraps = Gen.Elements("A", ":", " ", "\t", "\r\n", "\r", "\n", "x: y\r\n", " fold\r\n", "é", "\0").ListOf().Select(parts => string.Concat(parts));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(scraps.ToArbitrary(), text =>
        {
            var fields = $"First: field\r\n{text}";
            var end = fields.IndexOf("\n\r\n", StringComparison.Ordinal);
            var block = HeaderBlock.Parse(Encoding.Latin1.GetBytes(fields));
            Assert.Equal(end < 0 ? fields : fields[..(end + 1)], Encoding.Latin1.GetString(block.ToArray()));
            Assert.All(block.Fields, field => Assert.StartsWith($"{field.Name}:", Encoding.Latin1.GetString(field.Raw.Span), StringComparison.Ordinal));
        }));
    }

    static HeaderBlock Parse(string fields) => HeaderBlock.Parse(Encoding.ASCII.GetBytes(fields));

    static string Text(HeaderBlock block) => Encoding.ASCII.GetString(block.ToArray());
}

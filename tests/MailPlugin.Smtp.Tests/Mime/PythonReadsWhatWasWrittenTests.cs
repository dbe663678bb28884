using System.Security.Cryptography;
using System.Text;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Smtp.Tests.Mime;

/// <summary>Field by field, with a parser that is not ours.</summary>
public sealed class PythonReadsWhatWasWrittenTests : IDisposable
{
    readonly Lazy<PythonReader> python = new(() => new PythonReader());

    PythonReader Python => python.Value;

    public void Dispose()
    {
        if (python.IsValueCreated)
        {
            python.Value.Dispose();
        }
    }

    [PythonFact]
    public void Every_field_of_a_message_with_everything_arrives()
    {
        var logo = RandomNumberGenerator.GetBytes(5000);
        var draft = new MessageDraft
        {
            From = MailboxAddress.Parse("chef@sender.example", "Jürgen \"der Chef\" Müller, Köln"),
            Sender = MailboxAddress.Parse("no-reply@sender.example", "O'Brien & Co. (Sales)"),
            ReplyTo = [MailboxAddress.Parse("answers@sender.example"), MailboxAddress.Parse("\"quoted one\"@sender.example", "回答")],
            To = [MailboxAddress.Parse("a@recipient.example", "张三"), MailboxAddress.Parse("b@bücher.example", "Doe, John")],
            Cc = [MailboxAddress.Parse("c@[192.0.2.1]", "مرحبا بالعالم")],
            Subject = "Re: 关于您的订单 😀 and a tail in ASCII",
            TextBody = "Grüße\n\n.\n..\nFrom here\n 张三 مرحبا 😀\r\n",
            HtmlBody = "<p>Grüße <img src=\"cid:logo@sender.example\"></p>",
            Attachments =
            [
                Attachment.FromBytes("Прайс-лист 2026.pdf", "application/pdf", "%PDF"u8.ToArray()),
                Attachment.FromBytes("logo.png", "image/png", logo, "logo@sender.example"),
            ],
            Headers = [new("X-Ticket", "42"), new("X-Text", "größer als 测试")],
            InReplyTo = "<first@recipient.example>",
            References = ["<zero@recipient.example>", "<first@recipient.example>"],
            AutoSubmitted = "auto-generated",
            ListUnsubscribe = new UnsubscribeLink(new Uri("https://sender.example/u?t=1&x=%3C"), MailboxAddress.Parse("leave@sender.example"), OneClick: true),
            Date = new DateTimeOffset(2026, 11, 21, 8, 30, 5, TimeSpan.FromMinutes(-210)),
            MessageId = "<given@sender.example>",
        };
        using var composed = draft.Compose();
        var read = Python.Read(composed);

        Assert.Empty(read.Faults);
        Assert.True(composed.Is7Bit);
        Assert.Equal(Mailboxes([draft.From]), read.From);
        Assert.Equal(Mailboxes([draft.Sender]), read.Sender);
        Assert.Equal(Mailboxes(draft.ReplyTo), read.ReplyTo);
        Assert.Equal(Mailboxes(draft.To), read.To);
        Assert.Equal(Mailboxes(draft.Cc), read.Cc);
        Assert.Equal(draft.Subject, read.Subject);
        Assert.Equal(draft.Date, read.Date);
        Assert.Equal(draft.MessageId, read.Get("Message-ID"));
        Assert.Equal("<first@recipient.example>", read.Get("In-Reply-To"));
        Assert.Equal("<zero@recipient.example> <first@recipient.example>", read.Get("References"));
        Assert.Equal("auto-generated", read.Get("Auto-Submitted"));
        Assert.Equal("<https://sender.example/u?t=1&x=%3C>, <mailto:leave@sender.example>", read.Get("List-Unsubscribe"));
        Assert.Equal("List-Unsubscribe=One-Click", read.Get("List-Unsubscribe-Post"));
        Assert.Equal("42", read.Get("X-Ticket"));
        Assert.Equal("größer als 测试", read.Get("X-Text"));

        Assert.Equal("multipart/mixed(multipart/alternative(text/plain multipart/related(text/html image/png)) application/pdf)", read.Root.Shape);
        var alternative = read.Root.Parts[0];
        Assert.Equal("Grüße\r\n\r\n.\r\n..\r\nFrom here\r\n 张三 مرحبا 😀\r\n", alternative.Parts[0].Text);
        var related = alternative.Parts[1];
        Assert.Equal("text/html", related.RootType);
        Assert.Equal(draft.HtmlBody, related.Parts[0].Text);
        Assert.Equal(logo, related.Parts[1].Content);
        Assert.Equal(("inline", "<logo@sender.example>", "logo.png"), (related.Parts[1].Disposition, related.Parts[1].ContentId, related.Parts[1].FileName));
        Assert.Equal(("attachment", "Прайс-лист 2026.pdf"), (read.Root.Parts[1].Disposition, read.Root.Parts[1].FileName));
        Assert.Equal("%PDF"u8.ToArray(), read.Root.Parts[1].Content);
    }

    [PythonFact]
    public void Subjects_in_any_script_and_with_odd_blanks_arrive()
    {
        foreach (var subject in Subjects())
        {
            var read = ReadClean(Drafts.Some() with { Subject = subject });
            Assert.Equal(subject, read.Subject);
        }
    }

    [PythonFact]
    public void Texts_of_every_kind_arrive_in_a_part_and_alone()
    {
        foreach (var text in Texts())
        {
            var wanted = Wire.WithCrLf(text);
            var both = ReadClean(Drafts.Some() with { TextBody = text, HtmlBody = text });
            Assert.Equal(wanted, both.Root.Parts[0].Text);
            Assert.Equal(wanted, both.Root.Parts[1].Text);

            // Alone, the body ends with a line end, as every message does.
            var alone = ReadClean(Drafts.Some() with { TextBody = text });
            Assert.Equal(wanted.EndsWith("\r\n", StringComparison.Ordinal) || alone.Root.Encoding == "base64" ? wanted : $"{wanted}\r\n", alone.Root.Text);
        }
    }

    [PythonFact]
    public void Texts_arrive_with_8bit_too()
    {
        foreach (var text in Texts())
        {
            using var composed = new MessageComposer { Allow8Bit = true }.Compose(Drafts.Some() with { TextBody = text, HtmlBody = "<p>" });
            var read = Python.Read(composed);
            Assert.Empty(read.Faults);
            Assert.Equal(Wire.WithCrLf(text), read.Root.Parts[0].Text);
            Assert.Equal(read.Root.Parts[0].Encoding == "8bit", !composed.Is7Bit);
        }
    }

    [PythonFact]
    public void Odd_file_names_arrive()
    {
        string[] names =
        [
            "plain.txt", "with blank.txt", "semi;colon=equals.txt", "quote\".txt", "percent%41.txt", "apostrophe's (1).txt", "[brackets]{braces}.txt",
            "=?utf-8?Q?trick?=.txt", "star*.txt", "comma, and more.txt", "Ünïcode.txt", "发票 2026年11月.pdf", "تقرير.docx", "😀👨‍👩‍👧.png", "no extension",
            ".hidden", "..", "a:b|c?d<e>.txt", "blanks   within.txt", new string('n', 255), string.Concat(Enumerable.Repeat("长", 85)), string.Concat(Enumerable.Repeat("😀a", 50)),
        ];
        var content = RandomNumberGenerator.GetBytes(100);
        var read = ReadClean(Drafts.Some() with { Attachments = [.. names.Select(name => Attachment.FromBytes(name, "application/octet-stream", content))] });
        Assert.Equal(names, read.Root.Parts[1..].Select(part => part.FileName));
        Assert.Equal(names, read.Root.Parts[1..].Select(part => part.Name));
        Assert.All(read.Root.Parts[1..], part => Assert.Equal(content, part.Content));
    }

    [PythonFact]
    public void A_hundred_recipients_arrive()
    {
        var to = Enumerable.Range(0, 100).Select(i => MailboxAddress.Parse($"recipient{i}@recipient{i % 7}.example", (i % 4) switch { 0 => null, 1 => $"Plain Name {i}", 2 => $"Name, {i}", _ => $"收件人 {i}" })).ToArray();
        var read = ReadClean(Drafts.Some() with { To = to, Cc = to });
        Assert.Equal(Mailboxes(to), read.To);
        Assert.Equal(Mailboxes(to), read.Cc);
    }

    [PythonFact]
    public void Twelve_megabytes_arrive()
    {
        var content = RandomNumberGenerator.GetBytes(12 * 1024 * 1024);
        var draft = Drafts.Some() with
        {
            Attachments = [Attachment.FromBytes("a.bin", "application/octet-stream", content)],
        };
        using var composed = draft.Compose();
        var bytes = composed.ToBytes();
        Assert.Equal(composed.Size, bytes.Length);
        var read = Python.Read(bytes);
        Assert.Empty(read.Faults);
        Assert.Equal(content, read.Root.Parts[1].Content);
    }

    [PythonFact]
    public void An_internationalised_address_stays_as_it_is()
    {
        using var composed = (Drafts.Some() with { To = [MailboxAddress.Parse("用户@例え.テスト", "用户")] }).Compose();
        Assert.True(composed.NeedsSmtpUtf8);
        Assert.False(composed.Is7Bit);
        var read = Python.Read(composed);
        Assert.Equal(new PythonMailbox("用户", "用户@xn--r8jz45g.xn--zckzah"), Assert.Single(read.To!));
    }

    [PythonFact]
    public void The_parameters_of_a_content_type_arrive()
    {
        var read = ReadClean(Drafts.Some() with
        {
            Attachments =
            [
                Attachment.FromBytes("a.csv", "Text/CSV; Charset=\"utf-8\"; header=present", "ä,b"u8.ToArray()),
                Attachment.FromBytes(null, "application/ics;", "x"u8.ToArray()),
                Attachment.FromBytes("m.eml", "message/rfc822", "Subject: ü\n\n."u8.ToArray()),
            ],
        });
        Assert.Equal(("text/csv", "utf-8", "ä,b"), (read.Root.Parts[1].Type, read.Root.Parts[1].Charset, read.Root.Parts[1].Text));
        Assert.Equal(("application/ics", null), (read.Root.Parts[2].Type, read.Root.Parts[2].FileName));
        Assert.Equal(("application/octet-stream", "m.eml", "Subject: ü\n\n."), (read.Root.Parts[3].Type, read.Root.Parts[3].FileName, read.Root.Parts[3].Text));
    }

    [PythonFact]
    public void Header_values_longer_than_a_line_arrive()
    {
        var word = new string('w', 2000);
        var words = string.Join(' ', Enumerable.Repeat("word", 500));
        var references = Enumerable.Range(0, 60).Select(i => $"<{i}.{new string('r', i * 3)}@recipient.example>").ToArray();
        var read = ReadClean(Drafts.Some() with { Headers = [new("X-Word", word), new("X-Words", words), new("X-Json", "{\"a\": \"ä\",\t\"b\":  2 }")], References = references });
        Assert.Equal(word, read.Get("X-Word"));
        Assert.Equal(words, read.Get("X-Words"));
        Assert.Equal("{\"a\": \"ä\",\t\"b\":  2 }", read.Get("X-Json"));
        Assert.Equal(string.Join(' ', references), read.Get("References"));
    }

    public static IEnumerable<string> Subjects() =>
    [
        "", "a", "plain words", "two  blanks", " leading", "trailing ", "   ", "tab\there", "Größe", "Re: Größe", "Größe und mehr", "a  ä  b", "ä  b  ö", "Ä b c d Ö",
        "订单确认", "Re: 订单确认 (42)", string.Concat(Enumerable.Repeat("订单确认", 60)), "مرحبا بالعالم", "😀", string.Concat(Enumerable.Repeat("👨‍👩‍👧", 30)),
        "=?utf-8?Q?not_encoded?=", "a =?utf-8?Q?x?= b", "ends in =?", "100 % = 1", "under_score ä _", "question? ä?", new string('x', 998), new string('x', 900) + " ä",
        string.Join(' ', Enumerable.Repeat("mixed ä", 60)), string.Join(' ', Enumerable.Repeat("words", 150)), "\"quoted\" <angle> (paren), comma; semi: colon",
    ];

    public static IEnumerable<string> Texts() =>
    [
        "", "\n", "\r", "\r\n", "a", "a\n", "a\n\n\n", "\n\na", "a\rb\nc\r\nd\n\re", ".", "..", ".\n..\n...\n", "\n.\n", "\r.\r", "\n.\r\n", "a\n.\nb",
        "From me\n>From you\nFrom", "trailing blanks  \nand tabs\t\n ", " \t ", "=20 =3D = ==", "--boundary\n----\n-- \n", new string('x', 998), new string('x', 999), new string('.', 5000),
        new string(' ', 3000), string.Concat(Enumerable.Repeat(new string('y', 1000) + "\n", 20)), new string('y', 75) + " \n" + new string('y', 74) + "=\n" + new string('y', 76) + "\n" + new string('y', 77),
        string.Concat(Enumerable.Repeat("敏捷的棕色狐狸\n", 100)), string.Concat(Enumerable.Repeat("敏", 3000)), "Grüße aus Köln\n" + string.Concat(Enumerable.Repeat("long ü line ", 200)),
        "مرحبا بالعالم", string.Concat(Enumerable.Repeat("😀👨‍👩‍👧 ", 300)), "nul \0 bell \a escape \u001b del \u007f", "vertical \v form \f", "\uFEFFbom",
        string.Concat(Enumerable.Range(60, 20).Select(n => new string('a', n) + "ü" + new string('b', n) + "\n")),
    ];

    static PythonMailbox[] Mailboxes(IEnumerable<MailboxAddress> mailboxes) => [.. mailboxes.Select(m => new PythonMailbox(m.DisplayName ?? "", m.Address))];

    PythonMessage ReadClean(MessageDraft draft)
    {
        using var composed = draft.Compose();
        var bytes = composed.ToBytes();
        Wire.AssertFitsTheWire(bytes);
        Assert.True(composed.Is7Bit && Ascii.IsValid(bytes));
        var read = Python.Read(bytes);
        Assert.Empty(read.Faults);
        return read;
    }
}

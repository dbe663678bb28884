using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Smtp.Tests.Mime;

/// <summary>Whatever a caller gives, what leaves is one well-formed message with the fields that were asked for and no other.</summary>
public sealed class ComposerPropertyTests
{
    static readonly Gen<string> Scraps = Gen.Elements(
        "a", "word", " ", "  ", "\t", "é", "ß", "张", "مر", "😀", "👨‍👩‍👧", "=?utf-8?Q?x?=", "=?", "?=", "_", "=", "\"", "\\", ",", ";", ":", "<", ">", "@", "(", ")", "%41", "''", "*0*=", ".", "\uFEFF", new string('x', 80), new string('y', 950));

    static readonly Gen<string> Line = Scraps.ListOf().Select(scraps => string.Concat(scraps));

    // Lone halves of surrogate pairs have no bytes of their own, and become U+FFFD; everything else must come back.
    static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf(Scraps, Gen.Elements("\n", "\r", "\r\n", "\n.\n", "\r.\r", "\n.\r\n", "\nFrom ", "\0", " \n", "--", "=_")).ListOf().Select(scraps => string.Concat(scraps)),
        ArbMap.Default.GeneratorFor<string>().Select(text => string.Concat((text ?? "").EnumerateRunes())));

    static readonly Gen<MailboxAddress> Mailbox =
        from address in Gen.Elements("a@example.com", "\"b \\\" c\"@example.com", "d@[192.0.2.1]", "e@bücher.example", new string('l', 64) + "@" + new string('d', 63) + ".example")
        from name in Gen.OneOf(Gen.Constant<string?>(null), Line.Select(line => (string?)line.Replace('\t', ' ')))
        select MailboxAddress.Parse(address, name);

    static readonly Gen<MessageDraft> Draft =
        from @from in Mailbox
        from to in Mailbox.ListOf()
        from cc in Mailbox.ListOf()
        from subject in Line.Where(line => Encoding.UTF8.GetByteCount(line) <= HeaderRules.MaximumLine)
        from header in Line
        from text in Text
        from html in Gen.OneOf(Gen.Constant<string?>(null), Text.Select(t => (string?)t))
        from name in Line.Where(line => PartRules.CheckFileName(line) is null && !PythonStripsFrom(line))
        from content in ArbMap.Default.GeneratorFor<byte[]>()
        from files in Gen.Choose(0, 2)
        select new MessageDraft
        {
            From = @from,
            To = [.. to],
            Cc = [.. cc],
            Subject = subject,
            TextBody = text,
            HtmlBody = html,
            Headers = [new("X-Free", header)],
            Date = Drafts.Noon,
            Attachments = [.. Enumerable.Repeat(Attachment.FromBytes(name, "application/octet-stream", content), files)],
        };

    [Fact]
    public void A_composed_message_fits_the_wire_and_has_no_field_that_was_not_asked_for()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(Draft.ToArbitrary(), draft =>
        {
            using var composed = draft.Compose();
            var bytes = composed.ToBytes();
            Wire.AssertFitsTheWire(bytes);
            Assert.True(Ascii.IsValid(bytes) && composed.Is7Bit && !composed.NeedsSmtpUtf8);
            Assert.Equal(bytes.Length, composed.Size);
            Assert.Equal(ExpectedNames(draft), HeaderBlock.Parse(composed.Header).Fields.Select(field => field.Name));
            Assert.DoesNotContain(Encoding.ASCII.GetString(composed.Header.Span).Split("\r\n")[..^1], string.IsNullOrWhiteSpace);
        }));

    [Fact]
    public void A_line_break_in_any_value_of_a_header_is_refused_before_anything_is_written()
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(
            Line.ToArbitrary(), Gen.Elements("\r", "\n", "\r\n", "\0", "\r\nBcc: x@example.com\r\n", "\u2028", "\u0085", "\u001b").ToArbitrary(), Gen.Choose(0, 3).ToArbitrary(), (line, poison, place) =>
            {
                var value = line.Insert(line.Length / 2, poison);
                Assert.NotNull(HeaderRules.CheckValue(value));
                Assert.NotNull(HeaderRules.CheckSubject(value));
                Assert.NotNull(HeaderRules.CheckName(value));
                Assert.NotNull(HeaderRules.CheckMessageId($"<{value}@x>"));
                Assert.NotNull(PartRules.CheckFileName(value));
                Assert.NotNull(PartRules.CheckContentId(value));
                Assert.NotNull(PartRules.CheckContentType($"text/plain; x=\"{value}\""));
                Assert.NotNull(MailboxAddress.CheckDisplayName(value));
                var draft = place switch
                {
                    0 => Drafts.Some() with { Subject = value },
                    1 => Drafts.Some() with { Headers = [new("X-Free", value)] },
                    2 => Drafts.Some() with { MessageId = $"<{value}@x>" },
                    _ => Drafts.Some() with { References = ["<a@b>", $"<{value}@x>"] },
                };
                Assert.Throws<ArgumentException>(draft.Compose);
                Assert.ThrowsAny<ArgumentException>(() => Attachment.FromBytes(value, "text/plain", default));
                Assert.ThrowsAny<ArgumentException>(() => HeaderField.Text("Subject", value));
            }));

    [PythonFact]
    public void What_Python_reads_is_what_was_given()
    {
        using var python = new PythonReader();
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), Prop.ForAll(Draft.ToArbitrary(), draft =>
        {
            using var composed = draft.Compose();
            var read = python.Read(composed);
            Assert.Empty(read.Faults);
            Assert.Equal(ExpectedNames(draft), read.Names);
            Assert.Equal(draft.Subject, read.Subject);
            Assert.Equal(draft.Headers[0].Value, read.Get("X-Free"));
            Assert.Equal(Mailboxes([draft.From]), read.From!);
            Assert.Equal(Mailboxes(draft.To), read.To ?? []);
            Assert.Equal(Mailboxes(draft.Cc), read.Cc ?? []);
            var content = draft.Attachments.Count > 0 ? read.Root.Parts[0] : read.Root;
            var text = draft.HtmlBody is null ? content : content.Parts[0];
            AssertText(draft.TextBody!, text, isAlone: text == read.Root);
            if (draft.HtmlBody is not null)
            {
                AssertText(draft.HtmlBody, content.Parts[1], isAlone: false);
            }

            Assert.All(draft.Attachments.Zip(read.Root.Parts.Skip(1)), pair =>
            {
                Assert.Equal(pair.First.Name!.Trim(), pair.Second.FileName);
                Assert.Equal(pair.First.Content.ToArray(), pair.Second.Content);
            });
        }));
    }

    // Python takes quotes and angle brackets around a file name for syntax, even where RFC 2231 has escaped them.
    static bool PythonStripsFrom(string name)
        => name.Trim() is var bare && (bare.StartsWith('"') && bare.EndsWith('"') || bare.StartsWith('<') && bare.EndsWith('>'));

    static void AssertText(string given, PythonPart read, bool isAlone)
    {
        var wanted = Wire.WithCrLf(given);
        Assert.True(read.Text == wanted || isAlone && read.Text == $"{wanted}\r\n", $"{read.Encoding}: {read.Text} is not {wanted}");
    }

    static PythonMailbox[] Mailboxes(IEnumerable<MailboxAddress> mailboxes) => [.. mailboxes.Select(m => new PythonMailbox(m.DisplayName ?? "", m.Address))];

    static IEnumerable<string> ExpectedNames(MessageDraft draft)
    {
        string[] names = ["Date", "From", "To", "Cc", "Subject", "Message-ID", "X-Free", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"];
        var isMultipart = draft.HtmlBody is not null || draft.Attachments.Count > 0;
        return names.Where(name => name switch
        {
            "To" => draft.To.Count > 0 || draft.Cc.Count == 0,
            "Cc" => draft.Cc.Count > 0,
            "Content-Transfer-Encoding" => !isMultipart,
            _ => true,
        });
    }
}

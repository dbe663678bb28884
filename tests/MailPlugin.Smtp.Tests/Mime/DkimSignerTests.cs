using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Smtp.Tests.Mime;

public sealed class DkimSignerTests
{
    static readonly RSA Key = RSA.Create(2048);

    [Fact]
    public void The_field_names_what_it_signs_and_fits_its_lines()
    {
        using var signer = Signer();
        using var message = Drafts.Some().Compose();
        var field = signer.Sign(HeaderBlock.Parse(message.Header), message.Body, Drafts.Noon);
        var raw = Encoding.ASCII.GetString(field.Raw.Span);
        Assert.All(raw.Split("\r\n"), line => Assert.InRange(line.Length, 0, 78));
        var tags = Tags(field);
        Assert.Equal(("1", "rsa-sha256", "relaxed/relaxed", "sender.example", "s1"), (tags["v"], tags["a"], tags["c"], tags["d"], tags["s"]));
        Assert.Equal(Drafts.Noon.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture), tags["t"]);
        Assert.Equal("s1._domainkey.sender.example", signer.DnsName);
    }

    [Fact]
    public void Fields_that_a_reader_trusts_are_named_once_more_than_they_occur()
    {
        using var signer = Signer();
        using var message = (Drafts.Some() with { ListUnsubscribe = new UnsubscribeLink(new Uri("https://sender.example/u"), OneClick: true) }).Compose();
        var names = Tags(signer.Sign(HeaderBlock.Parse(message.Header), message.Body, Drafts.Noon))["h"].Split(':');
        Assert.Equal(2, names.Count(name => name == "From"));
        Assert.Equal(2, names.Count(name => name == "Subject"));
        Assert.Equal(1, names.Count(name => name == "Reply-To"));
        Assert.Equal(1, names.Count(name => name == "List-Unsubscribe"));
        Assert.Equal(1, names.Count(name => name == "List-Unsubscribe-Post"));
    }

    // The example of RFC 6376 section 3.4.5.
    [Theory]
    [InlineData(" C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n")]
    [InlineData("", "")]
    [InlineData("\r\n\r\n", "")]
    [InlineData(" \t\r\n\r\n", "")]
    [InlineData("a", "a\r\n")]
    [InlineData("a \t", "a\r\n")]
    [InlineData("\r\n\r\na\r\n \r\nb\r\n\r\n", "\r\n\r\na\r\n\r\nb\r\n")]
    [InlineData("a\tb\r\n\tc  d\r\n", "a b\r\n c d\r\n")]
    [InlineData("bare\ncr\rlf\n\n", "bare\ncr\rlf\n\n\r\n")]
    public void A_body_is_hashed_in_its_relaxed_form_wherever_it_is_torn(string body, string relaxed)
    {
        var expected = SHA256.HashData(Encoding.ASCII.GetBytes(relaxed));
        var bytes = Encoding.ASCII.GetBytes(body);
        var digest = new byte[SHA256.HashSizeInBytes];
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                using var hash = new RelaxedBodyHash();
                hash.Append(bytes.AsSpan(0, first));
                hash.Append(bytes.AsSpan(first, second - first));
                hash.Append(bytes.AsSpan(second));
                hash.Finish(digest);
                Assert.Equal(expected, digest);
            }
        }
    }

    [Theory]
    [InlineData("A: X\r\n", "a:X\r\n")]
    [InlineData("B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n")]
    [InlineData("Empty:\r\n", "empty:\r\n")]
    [InlineData("Fold:\r\n x\r\n  y\r\n", "fold:x y\r\n")]
    public void A_field_is_signed_in_its_relaxed_form(string field, string relaxed)
    {
        using var output = new PooledBytes(16);
        RelaxedHeader.Write(output, Encoding.ASCII.GetBytes(field));
        Assert.Equal(relaxed, Encoding.ASCII.GetString(output.Span));
    }

    [PythonFact]
    public void Python_verifies_what_was_signed_and_nothing_that_was_changed()
    {
        using var python = new PythonReader();
        using var signer = Signer();
        var dns = new Dictionary<string, string> { [signer.DnsName] = signer.DnsRecord };
        MessageDraft[] drafts =
        [
            Drafts.Some(),
            Drafts.Some() with { Subject = "关于您的订单 😀", TextBody = "blanks  and \t tabs \n\n\n", HtmlBody = "<p>a\t b</p>\n\n" },
            Drafts.Some() with { TextBody = "", Headers = [new("X-A", "1"), new("X-A", "2")], Sender = MailboxAddress.Parse("other@sender.example") },
            Drafts.Some() with { Attachments = [Attachment.FromBytes("长.bin", "application/octet-stream", RandomNumberGenerator.GetBytes(300_000))] },
            Drafts.Some() with { ListUnsubscribe = new UnsubscribeLink(new Uri("https://sender.example/u"), OneClick: true), To = [.. Enumerable.Range(0, 100).Select(i => MailboxAddress.Parse($"r{i}@recipient.example", $"Name, {i}"))] },
        ];
        foreach (var draft in drafts)
        {
            using var message = draft.Compose();
            var block = HeaderBlock.Parse(message.Header);
            block = block.Prepend(signer.Sign(block, message.Body, Drafts.Noon));
            byte[] signed = [.. block.ToArray(), .. "\r\n"u8, .. message.Body.ToArray()];
            var read = python.Read(signed, dns: dns);
            Assert.True(read.IsSigned);
            Assert.Empty(read.Faults);

            Assert.False(python.Read([.. "Subject: another\r\n"u8, .. signed], dns: dns).IsSigned, "a second subject");
            Assert.False(python.Read([.. "Reply-To: another@recipient.example\r\n"u8, .. signed], dns: dns).IsSigned, "a field that was not there");
            Assert.False(python.Read([.. signed, .. "more\r\n"u8], dns: dns).IsSigned, "a longer body");
            Assert.True(python.Read([.. "Received: by a relay\r\n"u8, .. signed, .. "\r\n\r\n"u8], dns: dns).IsSigned, "what a relay adds");
        }
    }

    [PythonFact]
    public void A_header_block_finished_at_delivery_verifies()
    {
        using var python = new PythonReader();
        using var signer = Signer();
        using var message = Drafts.Some().Compose();
        var block = HeaderBlock.Parse(message.Header)
            .Replace(HeaderField.Mailbox("From", MailboxAddress.Parse("login@sender.example", "设置")))
            .Replace(HeaderField.Mailbox("Reply-To", Drafts.Some().From));
        block = block.Prepend(signer.Sign(block, message.Body, Drafts.Noon));
        var read = python.Read([.. block.ToArray(), .. "\r\n"u8, .. message.Body.ToArray()], dns: new() { [signer.DnsName] = signer.DnsRecord });
        Assert.True(read.IsSigned);
        Assert.Equal(new PythonMailbox("设置", "login@sender.example"), Assert.Single(read.From!));
        Assert.Equal(new PythonMailbox("Sender", "sender@sender.example"), Assert.Single(read.ReplyTo!));
        Assert.Equal("Some text\r\n", read.Root.Text);
    }

    [Fact]
    public void A_key_is_taken_in_both_forms_of_PEM()
    {
        foreach (var pem in new[] { Key.ExportPkcs8PrivateKeyPem(), Key.ExportRSAPrivateKeyPem() })
        {
            Assert.True(DkimSigner.TryCreate("Bücher.example", "2026-11.mail_1", pem, out var signer, out _));
            Assert.Equal("xn--bcher-kva.example", signer.Domain);
            signer.Dispose();
        }
    }

    [Fact]
    public void What_cannot_sign_is_refused_with_the_part_at_fault()
    {
        var pem = Key.ExportPkcs8PrivateKeyPem();
        Assert.Equal(DkimPart.Domain, Fault("exa mple", "s1", pem).Part);
        Assert.Equal(DkimPart.Domain, Fault("[192.0.2.1]", "s1", pem).Part);
        Assert.Equal(DkimPart.Domain, Fault(null, "s1", pem).Part);
        Assert.Equal(DkimPart.Selector, Fault("sender.example", "", pem).Part);
        Assert.Equal(DkimPart.Selector, Fault("sender.example", "a;b", pem).Part);
        Assert.Equal(DkimPart.Selector, Fault("sender.example", "a\r\nb", pem).Part);
        Assert.Equal("must be an RSA private key in PEM (BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY)", Fault("sender.example", "s1", "nonsense").Error);
        Assert.Equal("must be an RSA private key in PEM (BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY)", Fault("sender.example", "s1", null).Error);
        Assert.Equal("must be an RSA private key in PEM (BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY)", Fault("sender.example", "s1", Key.ExportSubjectPublicKeyInfoPem()).Error);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal("must be an RSA private key in PEM (BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY)", Fault("sender.example", "s1", curve.ExportPkcs8PrivateKeyPem()).Error);
        using var small = RSA.Create(1024);
        Assert.Equal("must be an RSA key of 2048 to 4096 bits, not 1024", Fault("sender.example", "s1", small.ExportPkcs8PrivateKeyPem()).Error);
        var locked = Key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000));
        Assert.Equal("must be a private key without a password", Fault("sender.example", "s1", locked).Error);
    }

    [Fact]
    public async Task Many_threads_may_sign_at_once()
    {
        using var signer = Signer();
        using var message = Drafts.Some().Compose();
        var block = HeaderBlock.Parse(message.Header);
        var expected = signer.Sign(block, message.Body, Drafts.Noon).Raw.ToArray();
        await Parallel.ForAsync(0, 100, (_, _) =>
        {
            Assert.Equal(expected, signer.Sign(block, message.Body, Drafts.Noon).Raw.ToArray());
            return ValueTask.CompletedTask;
        });
    }

    static DkimSigner Signer()
        => DkimSigner.TryCreate("sender.example", "s1", Key.ExportPkcs8PrivateKeyPem(), out var signer, out var fault) ? signer : throw new InvalidOperationException(fault.Error);

    static DkimFault Fault(string? domain, string? selector, string? pem)
    {
        Assert.False(DkimSigner.TryCreate(domain, selector, pem, out _, out var fault));
        return fault;
    }

    static Dictionary<string, string> Tags(HeaderField field)
        => field.Value.Split(';').Select(tag => Regex.Replace(tag, "\\s", "").Split('=', 2)).ToDictionary(tag => tag[0], tag => tag[1]);
}

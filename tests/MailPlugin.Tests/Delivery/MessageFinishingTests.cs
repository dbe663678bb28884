using System.Text;
using MailPlugin.Abstractions;
using MailPlugin.Settings;
using MailPlugin.Tests.Support;
using MailPlugin.Transports.Finishing;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Delivery;

public sealed class MessageFinishingTests : IDisposable
{
    readonly DkimKeys _keys = new(new ManualClock(), NullLogger<DkimKeys>.Instance);

    public void Dispose() => _keys.Dispose();

    [Theory]
    [InlineData(false, false, "a@example.com", null)]
    [InlineData(true, false, "transport@example.net", null)]
    [InlineData(false, true, "transport@example.net", "a@example.com")]
    public void From_is_the_transports_where_it_was_left_open_or_is_forced(bool isDefault, bool force, string from, string? replyTo)
    {
        var finished = Finish(new() { ForceFrom = force }, new MailAddress("transport@example.net"), isDefault, null);

        var header = Encoding.UTF8.GetString(finished.Header.Span);
        Assert.Contains($"From: {from}\r\n", header, StringComparison.Ordinal);
        Assert.Equal(replyTo is not null, header.Contains("Reply-To:", StringComparison.Ordinal));
        Assert.Contains("Subject: Hello\r\n", header, StringComparison.Ordinal);
        Assert.Equal(from, finished.EnvelopeFrom);
    }

    [Theory]
    [InlineData(false, false, "a@example.com", true)]
    [InlineData(true, false, "a@example.com", false)]
    [InlineData(false, true, "a@example.com", false)]
    [InlineData(false, true, "transport@example.net", false)]
    public void Sender_goes_the_way_of_From(bool isDefault, bool force, string own, bool stays)
    {
        var message = Some.Message();
        byte[] header = [.. "Sender: secretary@example.com\r\n"u8, .. message.Header.Span];

        var finished = new MessageFinishing(_keys).Finish(
            new(header, message.Body, message.From, isDefault, null), new() { ForceFrom = force }, new() { Id = "t", Name = "t", Mode = TransportMode.Smtp, From = new(own) });

        var text = Encoding.UTF8.GetString(finished.Header.Span);
        Assert.Equal(stays, text.Contains("Sender:", StringComparison.Ordinal));
        Assert.Contains($"From: {own}\r\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bounce@example.org", "settings@example.org", "bounce@example.org")]
    [InlineData(null, "settings@example.org", "settings@example.org")]
    [InlineData("", "settings@example.org", "")]
    [InlineData(null, null, "a@example.com")]
    public void The_envelope_is_the_submissions_then_the_settings_then_the_author(string? submission, string? settings, string expected) =>
        Assert.Equal(expected, Finish(new() { EnvelopeFrom = settings }, null, false, submission).EnvelopeFrom);

    [Fact]
    public void The_key_of_the_authors_domain_signs_and_nobody_elses()
    {
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        var settings = new MailSettings
        {
            Dkim =
            [
                new() { Domain = "example.com", Selector = "s1", PrivateKey = new(rsa.ExportPkcs8PrivateKeyPem()) },
                new() { Domain = "example.net", Selector = "s2", PrivateKey = new(rsa.ExportPkcs8PrivateKeyPem()) },
            ],
        };

        var header = Encoding.UTF8.GetString(Finish(settings, null, false, null).Header.Span);

        Assert.StartsWith("DKIM-Signature:", header, StringComparison.Ordinal);
        Assert.Contains("d=example.com;", header, StringComparison.Ordinal);
        Assert.DoesNotContain("d=example.net;", header, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_cannot_be_used_leaves_mail_unsigned_and_sent()
    {
        var settings = new MailSettings { Dkim = [new() { Domain = "example.com", Selector = "s1", PrivateKey = new("nonsense") }] };

        Assert.StartsWith("From:", Encoding.UTF8.GetString(Finish(settings, null, false, null).Header.Span), StringComparison.Ordinal);
    }

    FinishedMessage Finish(MailSettings settings, MailAddress? transportFrom, bool isDefault, string? envelopeFrom)
    {
        var message = Some.Message();
        return new MessageFinishing(_keys).Finish(
            new(message.Header, message.Body, message.From, isDefault, envelopeFrom), settings,
            new() { Id = "t", Name = "t", Mode = TransportMode.Smtp, From = transportFrom });
    }
}

using System.Text;
using System.Text.Json;
using MailPlugin.Transports;
using MailPlugin.Transports.Php;

namespace MailPlugin.Tests.Transports.Programs;

/// <summary>What mail() is called with: who is named in which header field.</summary>
public sealed class PhpMessageTests
{
    const string Header = "Date: Sat, 21 Nov 2026 08:00:00 +0000\r\nFrom: a@example.com\r\nTo: \"B, b\" <b@example.org>,\r\n =?utf-8?B?w6Q=?= <c@example.org>\r\nCc: d@example.org\r\nSubject: =?utf-8?B?w6Q=?=\r\n =?utf-8?B?w6Q=?=\r\nX-Ticket: one\r\n two\r\nMIME-Version: 1.0\r\n";

    [Fact]
    public void To_and_Subject_come_out_and_Bcc_goes_in()
    {
        var call = Of(["b@example.org", "c@example.org", "d@example.org", "hidden@example.org"]);

        Assert.Equal("\"B, b\" <b@example.org>,\n =?utf-8?B?w6Q=?= <c@example.org>", call.To);
        Assert.Equal("=?utf-8?B?w6Q=?=\n =?utf-8?B?w6Q=?=", call.Subject);
        Assert.Equal(
            "Date: Sat, 21 Nov 2026 08:00:00 +0000\nFrom: a@example.com\nX-Ticket: one\n two\nMIME-Version: 1.0\nCc: d@example.org\nBcc: hidden@example.org", call.Headers);
        Assert.Equal("-fs@example.com", call.Parameters);
        Assert.Equal("one\n.\ntwo\n", call.Body);
    }

    [Theory]
    [InlineData("b@example.org", "\"B, b\" <b@example.org>", null, null)]
    [InlineData("C@EXAMPLE.ORG", "=?utf-8?B?w6Q=?= <c@example.org>", null, null)]
    [InlineData("d@example.org", "undisclosed-recipients:;", "Cc: d@example.org", null)]
    [InlineData("hidden@example.org", "undisclosed-recipients:;", null, "Bcc: hidden@example.org")]
    public void Whoever_is_not_mailed_now_is_in_no_field(string recipient, string to, string? cc, string? bcc)
    {
        var call = Of([recipient]);

        Assert.Equal(to, call.To);
        Assert.Equal(cc, call.Headers.Split('\n').SingleOrDefault(line => line.StartsWith("Cc:", StringComparison.Ordinal)));
        Assert.Equal(bcc, call.Headers.Split('\n').SingleOrDefault(line => line.StartsWith("Bcc:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a@example.com", true)]
    [InlineData("bounce+1=x_y-z@example.com", true)]
    [InlineData("", true)]
    [InlineData("-X/tmp/log@example.com", false)]
    [InlineData("\"a\\\" -X/tmp/log \"@example.com", false)]
    [InlineData("a b@example.com", false)]
    [InlineData("a'b@example.com", false)]
    [InlineData("a$b@example.com", false)]
    [InlineData("a|b@example.com", false)]
    [InlineData("a\nb@example.com", false)]
    [InlineData("ä@example.com", false)]
    public void A_sender_that_a_shell_could_misread_is_not_safe(string sender, bool safe) => Assert.Equal(safe, PhpMessage.IsSafeSender(sender));

    [Fact]
    public void A_thousand_recipients_make_no_line_too_long()
    {
        string[] many = [.. Enumerable.Range(0, 1000).Select(number => $"recipient-with-a-long-name-{number}@a-rather-long-domain.example.org")];
        var call = Read(new("s@example.com", many, Encoding.ASCII.GetBytes($"To: {string.Join(",\r\n ", many)}\r\nSubject: x\r\n"), default));

        Assert.Equal(1000, call.To.Split(",\n ").Length);
        Assert.All(call.To.Split('\n'), line => Assert.InRange(line.Length, 1, 998));
    }

    static Call Of(string[] recipients) => Read(new("s@example.com", recipients, Encoding.ASCII.GetBytes(Header), "one\r\n.\r\ntwo\r\n"u8.ToArray()));

    static Call Read(OutgoingMessage message)
    {
        var input = PhpMessage.Input(message);
        var end = Array.IndexOf(input, (byte)'\n');
        using var meta = JsonDocument.Parse(input.AsMemory(0, end));
        var body = Encoding.UTF8.GetString(input, end + 1, input.Length - end - 1);
        Assert.Equal(body.Length, meta.RootElement.GetProperty("length").GetInt32());
        string Text(string name) => meta.RootElement.GetProperty(name).GetString()!;
        return new(Text("to"), Text("subject"), Text("headers"), Text("parameters"), body);
    }

    sealed record Call(string To, string Subject, string Headers, string Parameters, string Body);
}

using System.Text;

namespace MailPlugin.Smtp.Tests;

public sealed class ReplyTests
{
    [Theory]
    [InlineData("250 ok\r\n", 250, null, "ok")]
    [InlineData("250 ok\n", 250, null, "ok")]
    [InlineData("250\r\n", 250, null, "")]
    [InlineData("250-a\r\n250-\r\n250 c\r\n", 250, null, "a||c")]
    [InlineData("550 5.1.1 no such user\r\n", 550, "5.1.1", "5.1.1 no such user")]
    [InlineData("550 4.1.1 of another class\r\n", 550, null, "4.1.1 of another class")]
    [InlineData("550 5.1.1234 too long\r\n", 550, null, "5.1.1234 too long")]
    [InlineData("250 2.0.0\r\n", 250, "2.0.0", "2.0.0")]
    public void A_reply_is_read_in_every_form_that_servers_use(string text, int code, string? status, string lines)
    {
        var reply = Read(text)!;
        Assert.Equal(code, reply.Code);
        Assert.Equal(status, reply.EnhancedStatus);
        Assert.Equal(lines.Split('|'), reply.Lines);
    }

    [Theory]
    [InlineData("999 no\r\n")]
    [InlineData("150 no\r\n")]
    [InlineData("2x0 no\r\n")]
    [InlineData("25\r\n")]
    [InlineData("250+no\r\n")]
    [InlineData("\r\n")]
    [InlineData("250-a\r\n251 b\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request")]
    [InlineData("\u0015\u0003\u0001")]
    public void What_is_no_reply_is_refused(string text)
        => Assert.Equal(SmtpFault.ProtocolViolation, Assert.Throws<SessionBroken>(() => Read(text)).Fault);

    [Fact]
    public void A_reply_that_has_not_come_whole_is_waited_for()
    {
        const string Whole = "250-first\r\n250 second\r\n";
        for (var i = 0; i < Whole.Length; i++)
        {
            Assert.Null(Read(Whole[..i]));
        }
    }

    [Fact]
    public void Control_characters_and_turned_text_are_shown_as_escapes()
    {
        var reply = Read("550 a\u001b[31m\u0000\rb\u202ec\u2028d\u0085 e\u00e9\r\n")!;
        Assert.Equal("a\\u001B[31m\\u0000\\u000Db\\u202Ec\\u2028d\\u0085 e\u00e9", reply.Text);
    }

    /// <summary>QQ answers in GBK, and letters of the tag block say something that nobody sees.</summary>
    [Fact]
    public void Bytes_that_are_no_UTF_8_are_shown_and_not_lost_and_letters_that_nobody_sees_are_shown_as_well()
    {
        Assert.Equal(@"Error: \xC7\xEB\xCA\xB9 ok", ServerText.Decode([.. "Error: "u8, 0xC7, 0xEB, 0xCA, 0xB9, .. " ok"u8]));
        Assert.Equal(@"a\xF0\x9F\x98(\u001B\xC3\xA9", ServerText.Decode([(byte)'a', 0xF0, 0x9F, 0x98, (byte)'(', 0x1B, .. "é"u8]));
        Assert.Equal("😀é", ServerText.Decode("😀é"u8));
        Assert.Equal(@"a\U000E0041\u202E\uFEFF", ServerText.Clean("a\U000E0041\u202E\uFEFF"));
    }

    [Fact]
    public void Limits_end_a_reply_that_does_not()
    {
        var limits = new SmtpLimits { LineLength = 100, ReplyLines = 5, ReplyBytes = 300 };
        Assert.Contains("100 bytes", Assert.Throws<SessionBroken>(() => Read("250 " + new string('x', 100), limits)).Message, StringComparison.Ordinal);
        Assert.Contains("5 lines", Assert.Throws<SessionBroken>(() => Read(string.Concat(Enumerable.Repeat("250-x\r\n", 6)), limits)).Message, StringComparison.Ordinal);
        Assert.Contains("300 bytes", Assert.Throws<SessionBroken>(() => Read(string.Concat(Enumerable.Repeat("250-" + new string('x', 80) + "\r\n", 4)), limits)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_bytes_come_they_are_a_reply_or_a_violation_however_they_are_cut()
    {
        var random = new Random(20261121);
        var pieces = new[] { "250", "-", " ", "\r", "\n", "\r\n", "550-5.1.1 x", "\0", "\u00ff", "354 go\r\n", "9", "x", "250 ok\r\n", "421-" };
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => pieces[random.Next(pieces.Length)])));
            var whole = Try(bytes, bytes.Length);
            var cut = Try(bytes, 1);
            Assert.Equal(whole, cut);
        }
    }

    static string Try(byte[] bytes, int step)
    {
        var framer = new ReplyFramer(new SmtpLimits());
        for (var end = step; end <= bytes.Length && step > 0; end += step)
        {
            try
            {
                if (framer.TryFrame(bytes.AsSpan(0, end), out var code, out var length))
                {
                    var reply = SmtpReply.Parse(bytes.AsSpan(0, length));
                    Assert.Equal(code, reply.Code);
                    Assert.InRange(code, 200, 599);
                    Assert.All(reply.Lines, line => Assert.DoesNotContain(line, char.IsControl));
                    return reply.ToString();
                }
            }
            catch (SessionBroken broken)
            {
                Assert.Equal(SmtpFault.ProtocolViolation, broken.Fault);
                return "violation";
            }
        }

        return "more";
    }

    static SmtpReply? Read(string text, SmtpLimits? limits = null)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var framer = new ReplyFramer(limits ?? new SmtpLimits());
        return framer.TryFrame(bytes, out _, out var length) ? SmtpReply.Parse(bytes.AsSpan(0, length)) : null;
    }
}

using System.Text;

namespace MailPlugin.Smtp.Tests;

public sealed class LineEndTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a\r\n")]
    [InlineData("a\r\n", "a\r\n")]
    [InlineData("a\nb\rc", "a\r\nb\r\nc\r\n")]
    [InlineData("a\r", "a\r\n")]
    [InlineData("\r\r\n\n", "\r\n\r\n\r\n")]
    [InlineData(".", "..\r\n")]
    [InlineData(".\r\n..\r\na.", "..\r\n...\r\na.\r\n")]
    [InlineData("a\n.\nMAIL FROM:<x@y>", "a\r\n..\r\nMAIL FROM:<x@y>\r\n")]
    [InlineData("a\r.\rMAIL", "a\r\n..\r\nMAIL\r\n")]
    [InlineData("a\n.\r\nMAIL", "a\r\n..\r\nMAIL\r\n")]
    [InlineData("a\r\n.\rMAIL", "a\r\n..\r\nMAIL\r\n")]
    public void Nothing_but_CRLF_ends_a_line_and_no_line_is_a_dot(string content, string sent)
    {
        for (var source = 1; source <= Math.Max(1, content.Length); source++)
        {
            for (var target = 4; target < 9; target++)
            {
                Assert.Equal(sent, Repair(content, true, source, target));
            }
        }
    }

    [Fact]
    public void Any_content_is_repaired_the_same_however_it_is_cut_and_as_long_as_announced()
    {
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var content = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => "ab.\r\n.\r\n"[random.Next(8)]));
            var sent = Repair(content, true, random.Next(1, 13), random.Next(4, 20));
            var plain = content.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
            var lines = plain.Length == 0 ? [] : (plain.EndsWith('\n') ? plain[..^1] : plain).Split('\n');
            Assert.Equal(string.Concat(lines.Select(line => (line.StartsWith('.') ? "." : "") + line + "\r\n")), sent);
            var measure = default(LineEndMeasure);
            var cut = random.Next(content.Length + 1);
            measure.Add(Encoding.ASCII.GetBytes(content[..cut]));
            measure.Add(Encoding.ASCII.GetBytes(content[cut..]));
            Assert.Equal(Repair(content, false, 5, 9).Length, measure.Total);
        }
    }

    static string Repair(string content, bool stuffDots, int sourceSize, int targetSize)
    {
        var repair = new LineEndRepair(stuffDots);
        var sent = new StringBuilder();
        var target = new byte[targetSize];
        var bytes = Encoding.ASCII.GetBytes(content);
        for (var at = 0; at < bytes.Length;)
        {
            repair.Copy(bytes.AsSpan(at, Math.Min(sourceSize, bytes.Length - at)), target, out var consumed, out var written);
            sent.Append(Encoding.ASCII.GetString(target, 0, written));
            at += consumed;
        }

        return sent.Append(Encoding.ASCII.GetString(target, 0, repair.Finish(target))).ToString();
    }
}

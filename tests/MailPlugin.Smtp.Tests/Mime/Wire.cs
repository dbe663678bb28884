using System.Text;
using System.Text.RegularExpressions;

namespace MailPlugin.Smtp.Tests.Mime;

/// <summary>What must hold for every message on the wire.</summary>
static class Wire
{
    /// <summary>What a text reads like on arrival: CRLF, CR and LF each end a line; form feeds and the like do not.</summary>
    public static string WithCrLf(string text) => Regex.Replace(text, "\r\n|\r|\n", "\r\n");

    /// <summary>CRLF ends every line, also the last; no CR or LF stands alone; no line exceeds 998 bytes; no NUL.</summary>
    public static void AssertFitsTheWire(byte[] message)
    {
        var text = Encoding.Latin1.GetString(message);
        Assert.EndsWith("\r\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\0', text);
        foreach (var line in text[..^2].Split("\r\n"))
        {
            Assert.False(line.AsSpan().ContainsAny('\r', '\n'), "a line end stands alone");
            Assert.InRange(line.Length, 0, 998);
        }
    }
}

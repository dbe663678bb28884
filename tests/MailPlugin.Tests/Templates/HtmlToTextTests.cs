using MailPlugin.Templates.Rendering;

namespace MailPlugin.Tests.Templates;

public sealed class HtmlToTextTests
{
    [Theory]
    [InlineData("<h1>Title</h1>\n<p>One\n two.</p><p>Three<br>four</p>", "Title\n\nOne two.\n\nThree\nfour")]
    [InlineData("<ul><li>a</li>\n<li>b</li></ul>after", "- a\n- b\n\nafter")]
    [InlineData("<a href=\"https://example.org/?a=1&amp;b=2\">Open</a> it", "Open: https://example.org/?a=1&b=2 it")]
    [InlineData("<a href='https://example.org/'>https://example.org/</a>", "https://example.org/")]
    [InlineData("<a href=mailto:a@example.org>a@example.org</a> <a href='#top'>up</a> <a name=x>n</a>", "a@example.org up n")]
    [InlineData("<table><tr><td>Name</td><td>Value</td></tr><tr><td>a</td><td>b</td></tr></table>", "Name Value\na b")]
    [InlineData("<style>p { color: red }</style><script>alert(1)</script><title>t</title><p>x</p><!-- <p>y</p> -->z", "x\n\nz")]
    [InlineData("a &lt;b&gt; &amp; c&nbsp;d &copy; &#x4e2d;", "a <b> & c d © 中")]
    [InlineData("1 < 2 and 3 > 2 <3", "1 < 2 and 3 > 2 <3")]
    [InlineData("<img src=x alt=\"A > B\"> <img src=y>", "A > B")]
    [InlineData("<p>never closed <a href='x", "never closed")]
    [InlineData("", "")]
    public void It_reads_as_somebody_who_sees_only_text(string html, string expected) => Assert.Equal(expected, HtmlToText.Convert(html));
}

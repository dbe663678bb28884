using System.Buffers.Text;
using System.Text;
using MailPlugin.Http.Paging;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Tests.Http;

public sealed class PageRequestTests
{
    static readonly PagePosition Position = new(new(2026, 11, 21, 8, 0, 0, 123, TimeSpan.Zero), "m_|x");

    [Fact]
    public void A_cursor_leads_back_to_its_place()
    {
        var cursor = Read(null, null, "list|a").Cursor(Position);

        Assert.Equal(Position, Read(null, cursor, "list|a").Position);
        Assert.Matches("^[A-Za-z0-9_-]+$", cursor);
    }

    [Fact]
    public void A_cursor_of_another_filter_is_refused()
    {
        var page = Read(null, Read(null, null, "list|a").Cursor(Position), "list|b");

        Assert.Equal("invalid-cursor", page.Problem?.Type.Slug);
        Assert.Null(page.Position);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("????")]
    [InlineData("AAAA")]
    [InlineData("====")]
    [InlineData("😀")]
    [InlineData("a b")]
    [InlineData("_w")]
    public void Garbage_is_refused(string cursor) => Assert.Equal("invalid-cursor", Read(null, cursor, "list").Problem?.Type.Slug);

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1.5")]
    [InlineData("253402300800000")]
    [InlineData("99999999999999999999")]
    [InlineData("x")]
    public void A_time_that_no_cursor_has_is_refused(string milliseconds)
    {
        var own = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(Read(null, null, "list").Cursor(Position)));
        var forged = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{own.Split('|')[0]}|{milliseconds}|id"));

        Assert.Equal("invalid-cursor", Read(null, forged, "list").Problem?.Type.Slug);
    }

    [Fact]
    public void A_huge_cursor_is_refused() => Assert.Equal("invalid-cursor", Read(null, new('A', 100_000), "list").Problem?.Type.Slug);

    [Fact]
    public void Every_cut_and_every_changed_letter_gives_a_place_or_a_refusal_and_no_exception()
    {
        var cursor = Read(null, null, "list").Cursor(Position);
        for (var length = 1; length < cursor.Length; length++)
        {
            Read(null, cursor[..length], "list");
        }

        foreach (var at in Enumerable.Range(0, cursor.Length))
        {
            foreach (var letter in "A9-_=%\u00e9")
            {
                var page = Read(null, $"{cursor[..at]}{letter}{cursor[(at + 1)..]}", "list");
                Assert.True(page.Problem is not null ^ page.Position is not null);
            }
        }
    }

    [Theory]
    [InlineData(null, 50)]
    [InlineData("1", 1)]
    [InlineData("200", 200)]
    public void The_limit_is_50_unless_another_is_asked_for(string? limit, int expected) => Assert.Equal(expected, Read(limit, null, "list").Limit);

    [Theory]
    [InlineData("0")]
    [InlineData("201")]
    [InlineData("-1")]
    [InlineData("ten")]
    [InlineData("5,6")]
    [InlineData("99999999999")]
    public void A_limit_outside_1_to_200_is_refused_by_name(string limit)
    {
        var problem = Read(limit, null, "list").Problem;

        Assert.Equal("invalid-request", problem?.Type.Slug);
        Assert.Contains("limit", problem!.Errors!);
    }

    static PageRequest Read(string? limit, string? cursor, string filter)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = QueryString.Create(
            new Dictionary<string, string?> { ["limit"] = limit, ["cursor"] = cursor }.Where(pair => pair.Value is not null));
        return PageRequest.Read(context, filter);
    }
}

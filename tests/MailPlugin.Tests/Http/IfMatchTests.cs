using MailPlugin.Http;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Tests.Http;

public sealed class IfMatchTests
{
    [Theory]
    [InlineData("\"7\"")]
    [InlineData("*")]
    [InlineData("\"6\", \"7\"")]
    [InlineData("W/\"7\", \"7\"")]
    public void The_current_tag_and_the_star_are_taken(string header) => Assert.Null(Check(header));

    [Theory]
    [InlineData("\"6\"")]
    [InlineData("W/\"7\"")]
    [InlineData("7")]
    [InlineData("\"07\"")]
    [InlineData("\"7")]
    [InlineData("\"7\",,x")]
    [InlineData("*, \"6\"")]
    [InlineData("\"*\"")]
    public void Another_tag_a_weak_one_and_garbage_are_stale(string header) => Assert.Equal(IfMatch.Refusal.Stale, Check(header));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Nothing_is_missing(string? header) => Assert.Equal(IfMatch.Refusal.Missing, Check(header));

    static IfMatch.Refusal? Check(string? header)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers.IfMatch = header;
        return IfMatch.Check(context, "\"7\"");
    }
}

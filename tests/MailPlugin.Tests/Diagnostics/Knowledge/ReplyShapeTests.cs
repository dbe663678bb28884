using MailPlugin.Diagnostics.Knowledge;

namespace MailPlugin.Tests.Diagnostics.Knowledge;

public sealed class ReplyShapeTests
{
    [Theory]
    [InlineData("550 5.7.1 <jane.doe@example.org>: mailbox on hold, ticket 4711-XA", "jane.doe@example.org", "550 5.7.1 … mailbox on hold …")]
    [InlineData("550 Mailbox for Jane Doe is on hold", "info@example.org", "550 mailbox for … is on hold")]
    [InlineData("450 4.2.1 user Will has a full storage (id=a8f3b2c1d4)", "will@example.org", "450 4.2.1 user … has a full storage …")]
    [InlineData("550 用户不存在", null, "550 …")]
    [InlineData("421 mx7.example.net 192.0.2.7 2001:db8::1 https://example.net/x?u=jane closing", null, "421 … closing")]
    [InlineData("timeout", null, "timeout")]
    public void Only_words_that_servers_are_known_to_say_remain(string reply, string? recipient, string shape) => Assert.Equal(shape, ReplyShape.Of(reply, recipient));

    [Fact]
    public void Replies_that_differ_in_names_and_numbers_are_one_kind()
    {
        var shapes = Enumerable.Range(0, 200)
            .Select(number => ReplyShape.Of($"550 5.7.1 <user{number}@example.org> is on hold by rule {number * 7919:x} of mx{number}.example.org", $"user{number}@example.org"))
            .Distinct();

        Assert.Single(shapes);
    }

    [Fact]
    public void However_long_a_reply_is_its_shape_is_short() =>
        Assert.InRange(ReplyShape.Of("550 " + string.Concat(Enumerable.Repeat("mailbox refused ", 100_000)), null).Length, 1, 340);
}

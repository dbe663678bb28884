using MailPlugin.Queue;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Queue;

public sealed class MessageIdentityTests
{
    [Fact]
    public void Ids_sort_by_time_and_fit_into_addresses()
    {
        var early = MessageIdentity.New(Some.Time);
        var late = MessageIdentity.New(Some.Time.AddMilliseconds(1));

        Assert.True(string.CompareOrdinal(early, late) < 0);
        Assert.Matches("^m_[0-9a-hjkmnp-tv-z]{26}$", early);
        Assert.True(MessageIdentity.IsId(early));
    }

    [Fact]
    public void A_floor_sorts_before_all_ids_of_its_time_and_after_those_before_it()
    {
        var floor = MessageIdentity.Floor(Some.Time);

        Assert.True(string.CompareOrdinal(floor, MessageIdentity.New(Some.Time)) < 0);
        Assert.True(string.CompareOrdinal(floor, MessageIdentity.New(Some.Time.AddMilliseconds(-1))) > 0);
    }

    [Fact]
    public void A_message_id_leads_back_to_its_id()
    {
        var id = MessageIdentity.New(Some.Time);

        Assert.True(MessageIdentity.TryFromHeader(MessageIdentity.Header(id, "example.com"), out var found));
        Assert.Equal(id, found);
        Assert.False(MessageIdentity.TryFromHeader("<someone@example.com>", out _));
        Assert.False(MessageIdentity.TryFromHeader("", out _));
    }
}

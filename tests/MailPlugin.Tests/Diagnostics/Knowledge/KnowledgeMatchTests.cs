using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Knowledge;
using MailPlugin.Transports;

namespace MailPlugin.Tests.Diagnostics.Knowledge;

public sealed class KnowledgeMatchTests
{
    [Theory]
    [InlineData("535 5.7.8 Username and Password not accepted. Learn more", "gmail-password-refused")]
    [InlineData("535 5.7.8 Error: authentication failed", null)]
    [InlineData("250 2.0.0 we know: username and password not accepted yesterday", null)]
    [InlineData("535 5.7.139 Authentication unsuccessful, the request did not meet the criteria", null)]
    [InlineData("554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org", "spamhaus-listed")]
    [InlineData("554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org; Error: open resolver", "spamhaus-open-resolver")]
    [InlineData("554 5.7.1 Service unavailable; Client host [192.0.2.7] blocked using list.example.org", null)]
    [InlineData("450 4.2.0 not greylisting you, only slow", "greylisted")]
    [InlineData("550 5.7.26 not accepted due to domain's DMARC policy", "dmarc-rejected")]
    [InlineData("451 4.7.26 not accepted due to domain's DMARC policy, but temporary DNS failures prevent authentication", null)]
    [InlineData("530 5.7.0 Must issue a STARTTLS command first", "starttls-first")]
    [InlineData("530 5.7.0 Authentication Required", "login-required")]
    [InlineData("550 5.1.1 mailbox unavailable", null)]
    [InlineData("552 5.2.2 over quota", null)]
    [InlineData("554 5.7.1 relay", null)]
    public void A_reply_is_known_or_it_is_not(string reply, string? entry) => Assert.Equal(entry, KnowledgeBase.Shipped.Find(Observation.Of(reply, null))?.Id);

    [Theory]
    [InlineData("smtp.163.com", "netease-login-refused")]
    [InlineData("SMTP.126.COM", "netease-login-refused")]
    [InlineData("163.com", "netease-login-refused")]
    [InlineData("smtp.evil163.com", null)]
    [InlineData("163.com.example.org", null)]
    [InlineData(null, null)]
    public void Words_that_many_use_count_only_at_the_provider_s_own_relays(string? relay, string? entry) =>
        Assert.Equal(entry, KnowledgeBase.Shipped.Find(Observation.Of("535 Error: authentication failed", relay))?.Id);

    [Fact]
    public void A_stage_that_is_known_to_be_another_rules_an_entry_out()
    {
        var seen = Observation.Of("535 5.7.8 Username and Password not accepted", null);

        Assert.NotNull(KnowledgeBase.Shipped.Find(seen with { Stage = TransportStage.Auth }));
        Assert.Null(KnowledgeBase.Shipped.Find(seen with { Stage = TransportStage.Rcpt }));
    }

    [Fact]
    public void The_one_that_names_the_provider_wins_then_the_one_that_asks_for_more()
    {
        var entries = new[]
        {
            Entry("a-short", new() { Words = ["refused"] }),
            Entry("b-longer", new() { Words = ["refused for now"] }),
            Entry("c-status", new() { Words = ["refused for now"], Statuses = ["4.7.1"] }),
            Entry("d-provider", new() { Words = ["refused"], Relays = ["example.com"] }),
        };
        foreach (var order in new[] { entries, [.. entries.Reverse()] })
        {
            var known = KnowledgeBase.Of(order);

            Assert.Equal("d-provider", known.Find(Observation.Of("450 4.7.1 Refused  for\tnow", "mx.example.com"))?.Id);
            Assert.Equal("c-status", known.Find(Observation.Of("450 4.7.1 refused for now", "mx.example.org"))?.Id);
            Assert.Equal("b-longer", known.Find(Observation.Of("450 4.7.2 refused for now", null))?.Id);
            Assert.Equal("a-short", known.Find(Observation.Of("450 refused forever", null))?.Id);
        }
    }

    [Fact]
    public void Of_equals_the_first_by_id_is_taken_whatever_their_order()
    {
        var (one, two) = (Entry("one", new() { Words = ["no"] }), Entry("two", new() { Words = ["no"] }));

        Assert.Equal("one", KnowledgeBase.Of([two, one]).Find(Observation.Of("550 no", null))?.Id);
        Assert.Equal("one", KnowledgeBase.Of([one, two]).Find(Observation.Of("550 no", null))?.Id);
    }

    [Fact]
    public void A_status_that_stands_at_the_head_of_every_line_does_not_break_the_words() =>
        Assert.Equal("gmail-ipv6-guidelines", KnowledgeBase.Shipped.Find(Observation.Of("550 5.7.1 does not meet IPv6 sending guidelines regarding PTR 5.7.1 records and authentication", null))?.Id);

    /// <summary>The words are cut and compared as they stand: what a hostile server sends is looked at once for each phrase, and nothing else.</summary>
    [Theory]
    [InlineData("550 ", "a", 4_000_000)]
    [InlineData("550 ", "username and password not accepte", 40_000)]
    [InlineData("535 ", "\u0130 \t\r\n", 400_000)]
    [InlineData("", "((((", 400_000)]
    public void A_hostile_reply_is_cut_before_it_is_looked_at(string head, string part, int times)
    {
        var seen = Observation.Of(head + string.Concat(Enumerable.Repeat(part, times)), "relay.example.com");

        Assert.InRange(SpokenWords.Of(seen.Words, seen.EnhancedStatus).Length, 0, SpokenWords.MaxLength);
        Assert.Null(KnowledgeBase.Shipped.Find(seen));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("5")]
    [InlineData("55x no")]
    [InlineData("999 no")]
    [InlineData("550")]
    [InlineData("550-")]
    [InlineData("550 5..1 no")]
    public void What_is_no_reply_is_words_and_nothing_breaks(string text) => Assert.Null(KnowledgeBase.Shipped.Find(Observation.Of(text, null)));

    static KnowledgeEntry Entry(string id, KnowledgeMatch match) => new(id, match, "unknown", Actor.You, new("a", "b"), [new("a", "b")], []);
}

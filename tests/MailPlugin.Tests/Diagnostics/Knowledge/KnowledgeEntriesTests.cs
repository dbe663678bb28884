using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Knowledge;
using MailPlugin.Transports;

namespace MailPlugin.Tests.Diagnostics.Knowledge;

/// <summary>Holds what is shipped to what it promises.</summary>
public sealed class KnowledgeEntriesTests
{
    static readonly KnowledgeBase Shipped = KnowledgeBase.Shipped;

    public static TheoryData<string> Ids => [.. Shipped.Entries.Select(entry => entry.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Its_samples_are_its_own_and_no_other_entry_comes_as_close(string id)
    {
        var entry = Shipped.Entries.Single(candidate => candidate.Id == id);

        Assert.NotEmpty(entry.Samples);
        foreach (var sample in entry.Samples)
        {
            var matches = Shipped.Matches(sample.Seen).ToList();

            Assert.Equal(id, matches.FirstOrDefault().Entry?.Id);
            Assert.DoesNotContain(matches.Skip(1), other => other.Closeness.CompareTo(matches[0].Closeness) == 0);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_reply_that_was_kept_without_its_stage_is_known_all_the_same(string id)
    {
        foreach (var sample in Shipped.Entries.Single(candidate => candidate.Id == id).Samples)
        {
            Assert.Equal(id, Shipped.Find(sample.Seen with { Stage = null, Fault = null })?.Id);
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_near_miss_of_anything_it_asks_for_is_not_it(string id)
    {
        var entry = Shipped.Entries.Single(candidate => candidate.Id == id);
        foreach (var seen in entry.Samples.Select(sample => sample.Seen))
        {
            var match = entry.Match;
            Assert.True(Fits(seen));
            Assert.All(match.Words, phrase => Assert.False(Fits(Broken(seen, [phrase]))));
            Assert.False(match.OneOf.Count > 0 && Fits(Broken(seen, match.OneOf)));
            Assert.All(match.Without, phrase => Assert.False(Fits(seen with { Words = $"{seen.Words} {phrase}" })));
            Assert.False(match.Codes.Count > 0 && Fits(seen with { Code = 250 }));
            Assert.False(match.Statuses.Count > 0 && Fits(seen with { EnhancedStatus = "5.9.9" }));
            Assert.False(match.Relays.Count > 0 && Fits(seen with { Relay = "mail.example.com" }));
            Assert.False(match.Stages.Count > 0 && Fits(seen with { Stage = Enum.GetValues<TransportStage>().First(stage => !match.Stages.Contains(stage)) }));
        }

        bool Fits(Observation seen) => entry.Match.Fit(seen, SpokenWords.Of(seen.Words, seen.EnhancedStatus)) is not null;

        static Observation Broken(Observation seen, IReadOnlyList<string> phrases) =>
            seen with { Words = phrases.Aggregate(SpokenWords.Of(seen.Words, seen.EnhancedStatus), (words, phrase) => words.Replace(phrase, phrase.Insert(phrase.Length / 2, "~"), StringComparison.Ordinal)) };
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void It_says_in_both_languages_what_happened_and_what_to_do(string id)
    {
        var entry = Shipped.Entries.Single(candidate => candidate.Id == id);

        Assert.Contains(entry.Cause, CauseList.Ids.Keys);
        Assert.NotEmpty(entry.Advice);
        Assert.All(entry.Advice.Append(entry.Text), text =>
        {
            Assert.False(string.IsNullOrWhiteSpace(text.English));
            Assert.Contains(text.Chinese, character => character is >= '一' and <= '鿿');
            Assert.DoesNotContain(text.English, character => character is >= '一' and <= '鿿');
        });
        Assert.All(new[] { entry.Link }.Concat(entry.Samples.Select(sample => sample.Source)).OfType<string>(), link => Assert.True(IsPage(link), link));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void What_it_looks_for_is_written_as_words_are_compared(string id)
    {
        var match = Shipped.Entries.Single(candidate => candidate.Id == id).Match;

        Assert.All(match.Words.Concat(match.OneOf).Concat(match.Without), phrase => Assert.Equal(phrase, SpokenWords.Of(phrase, null)));
        Assert.True(match.Words.Count + match.OneOf.Count > 0, "an entry asks for words: codes alone say too little");
    }

    /// <summary>Entries without a page to look at are shipped, but are no knowledge to boast of.</summary>
    [Fact]
    public void At_least_eighty_can_be_looked_up() => Assert.InRange(Shipped.Entries.Count(entry => entry.IsVerified), 80, int.MaxValue);

    [Fact]
    public void Ids_are_unique() => Assert.Equal(Shipped.Entries.Count, Shipped.Entries.Select(entry => entry.Id).Distinct().Count());

    static bool IsPage(string link) => Uri.TryCreate(link, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}

using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Knowledge;

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

    [Fact]
    public void Ids_are_unique() => Assert.Equal(Shipped.Entries.Count, Shipped.Entries.Select(entry => entry.Id).Distinct().Count());

    static bool IsPage(string link) => Uri.TryCreate(link, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}

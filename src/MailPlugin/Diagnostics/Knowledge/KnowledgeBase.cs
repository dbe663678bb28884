using MailPlugin.Diagnostics.Causes;

namespace MailPlugin.Diagnostics.Knowledge;

/// <summary>
/// What servers, systems and programs say when they fail, and what it means. The answer is a function of the failure alone: of all entries that fit the closest
/// (<see cref="Closeness"/>) is taken, of equals the first by id. Silence is an answer too: it does not guess.
/// </summary>
internal sealed class KnowledgeBase
{
    KnowledgeBase(IReadOnlyList<KnowledgeEntry> entries) => Entries = [.. entries.OrderBy(entry => entry.Id, StringComparer.Ordinal)];

    /// <summary>What the product ships.</summary>
    public static KnowledgeBase Shipped { get; } = new(KnowledgeFiles.Read());

    public IReadOnlyList<KnowledgeEntry> Entries { get; }

    public static KnowledgeBase Of(IReadOnlyList<KnowledgeEntry> entries) => new(entries);

    /// <summary>What is known of this failure; null when nothing is.</summary>
    public KnowledgeEntry? Find(Observation seen) => Matches(seen).Select(match => match.Entry).FirstOrDefault();

    /// <summary>All that fits, the closest first.</summary>
    public IEnumerable<(KnowledgeEntry Entry, Closeness Closeness)> Matches(Observation seen)
    {
        var words = SpokenWords.Of(seen.Words, seen.EnhancedStatus, addresses: false);
        return Entries
            .Select(entry => (Entry: entry, Closeness: entry.Match.Fit(seen, words)))
            .Where(match => match.Closeness is not null)
            .Select(match => (match.Entry, match.Closeness!.Value))
            .OrderByDescending(match => match.Value);
    }
}

using MailPlugin.Diagnostics.Causes;
using MailPlugin.Http;

namespace MailPlugin.Diagnostics.Knowledge;

/// <summary>What is known of one way to fail.</summary>
/// <param name="Id">Unique; kept, because people refer to it.</param>
/// <param name="Match">When it is this.</param>
/// <param name="Cause">An id of <see cref="CauseList"/>.</param>
/// <param name="Who">Who can do something about it.</param>
/// <param name="Text">One sentence: what happened.</param>
/// <param name="Advice">What to do, the likeliest first.</param>
/// <param name="Samples">Replies as servers gave them, with where each was found.</param>
internal sealed record KnowledgeEntry(
    string Id, KnowledgeMatch Match, string Cause, Actor Who, LocalizedText Text, IReadOnlyList<LocalizedText> Advice, IReadOnlyList<KnowledgeSample> Samples)
{
    /// <summary>The provider's own page about it.</summary>
    public string? Link { get; init; }

    /// <summary>Whether somebody can look up that a server really said so.</summary>
    public bool IsVerified => Samples.Any(sample => sample.Source is not null);
}

/// <param name="Seen">The failure as it was seen.</param>
/// <param name="Source">The page it was taken from; null where there is none.</param>
internal sealed record KnowledgeSample(Observation Seen, string? Source);

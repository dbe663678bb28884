using MailPlugin.Diagnostics.Causes;
using MailPlugin.Http;
using MailPlugin.Queue;
using MailPlugin.Settings;

namespace MailPlugin.Diagnostics.Knowledge;

/// <summary>What the reply of a past attempt means, for those who read about a message.</summary>
internal sealed class RepliesInWords(ISettingsSource settings)
{
    /// <summary>Null where the attempt did not fail, or its words are not known.</summary>
    public ReplyMeaning? Of(Attempt attempt, Language language)
    {
        if (attempt is not { Reply: { } reply, Outcome: AttemptOutcome.Deferred or AttemptOutcome.Failed or AttemptOutcome.Partial })
        {
            return null;
        }

        // The settings of today: a transport that was changed since may lose an entry that asks for its relay, and gains none.
        var relay = settings.Current.Settings.Transport(attempt.Transport)?.Smtp?.Host;
        return KnowledgeBase.Shipped.Find(Observation.Of(reply, relay)) is { } entry
            ? new(new(entry.Cause, entry.Text.In(language), entry.Who, entry.Link), [.. entry.Advice.Select(advice => advice.In(language))])
            : null;
    }
}

/// <param name="Cause">Why.</param>
/// <param name="Advice">What to do, the likeliest first.</param>
internal sealed record ReplyMeaning(CauseMeaning Cause, IReadOnlyList<string> Advice);

/// <param name="Id">Of the closed list.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Who">Who can do something about it.</param>
/// <param name="Link">The provider's own page about it.</param>
internal sealed record CauseMeaning(string Id, string Text, Actor Who, string? Link);

using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Knowledge;
using MailPlugin.Http;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>Why a send failed, for the person who can do something about it.</summary>
/// <param name="Id">One of the closed list in <see cref="CauseList"/>.</param>
/// <param name="Text">One sentence: what happened.</param>
/// <param name="Advice">What to do, the likeliest first.</param>
internal sealed record Cause(string Id, LocalizedText Text, IReadOnlyList<LocalizedText> Advice)
{
    public Confidence Confidence { get; init; } = Confidence.High;

    /// <summary>Who can do something about it.</summary>
    public Actor Who { get; init; } = CauseList.Ids[Id];

    /// <summary>The entry of the knowledge base that says so; null where the cause is drawn from codes and faults alone.</summary>
    public KnowledgeEntry? Known { get; init; }
}

/// <summary>A change of settings. An object is merged into the object at the path.</summary>
/// <param name="Path">Such as <c>transports[id=primary].smtp</c>.</param>
/// <param name="Value">The new value.</param>
internal sealed record CauseFix(string Path, JsonNode Value);

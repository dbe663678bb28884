using MailPlugin.Transports;

namespace MailPlugin.Diagnostics.Knowledge;

/// <summary>
/// What an entry asks of a failure. What it does not name it does not ask. Words are looked for as they stand, never as a pattern: the time is bounded by the length of the
/// reply and of the list, whatever a server sends.
/// </summary>
internal sealed record KnowledgeMatch
{
    public IReadOnlyList<int> Codes { get; init; } = [];

    public IReadOnlyList<string> Statuses { get; init; } = [];

    /// <summary>All of these, lower case.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>One of these at least, lower case.</summary>
    public IReadOnlyList<string> OneOf { get; init; } = [];

    /// <summary>None of these, lower case.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    public IReadOnlyList<TransportStage> Stages { get; init; } = [];

    public IReadOnlyList<TransportFaultKind> Faults { get; init; } = [];

    /// <summary>Domains of the provider's relays; names below them count too.</summary>
    public IReadOnlyList<string> Relays { get; init; } = [];

    /// <param name="seen">The failure.</param>
    /// <param name="words">Its words, by <see cref="SpokenWords"/>.</param>
    /// <returns>How closely it fits; null when it does not.</returns>
    public Closeness? Fit(Observation seen, string words)
    {
        var fits = (Codes.Count == 0 || Codes.Contains(seen.Code))
            && (Statuses.Count == 0 || (seen.EnhancedStatus is { } status && Statuses.Contains(status)))
            && (Stages.Count == 0 || seen.Stage is not { } stage || Stages.Contains(stage))
            && (Faults.Count == 0 || seen.Fault is not { } fault || Faults.Contains(fault))
            && (Relays.Count == 0 || IsOneOfItsRelays(seen.Relay))
            && Words.All(words.Contains)
            && !Without.Any(words.Contains);
        if (!fits)
        {
            return null;
        }

        var one = OneOf.Where(words.Contains).Select(phrase => phrase.Length).DefaultIfEmpty(0).Max();
        return OneOf.Count > 0 && one == 0
            ? null
            : new(Relays.Count > 0, Words.Sum(phrase => phrase.Length) + one, Statuses.Count > 0, Codes.Count > 0, Stages.Count > 0 || Faults.Count > 0);
    }

    bool IsOneOfItsRelays(string? relay) => relay is not null && Relays.Any(domain =>
        relay.EndsWith(domain, StringComparison.OrdinalIgnoreCase) && (relay.Length == domain.Length || relay[^(domain.Length + 1)] == '.'));
}

/// <summary>
/// How closely an entry fits, the first difference decides: it names the provider; it asks for more of the words; it names the enhanced status; the code; the stage or fault.
/// </summary>
internal readonly record struct Closeness(bool Provider, int Letters, bool Status, bool Code, bool Place) : IComparable<Closeness>
{
    public int CompareTo(Closeness other) =>
        (Provider, Letters, Status, Code, Place).CompareTo((other.Provider, other.Letters, other.Status, other.Code, other.Place));
}

namespace MailPlugin.Storage.Moving;

/// <summary>A table of the old store, and how it comes into the new one.</summary>
/// <param name="Name">The same in both.</param>
/// <param name="Label">For people.</param>
/// <param name="Counted">The column that both databases number by themselves: the new one goes on behind the highest.</param>
internal sealed record MovedTable(string Name, string Label, string? Counted = null)
{
    /// <summary>In their order; what a row refers to comes before it.</summary>
    public static IReadOnlyList<MovedTable> All { get; } =
    [
        new("settings", "versions of settings"),
        new("api_keys", "API keys"),
        new("audit", "audit entries", Counted: "id"),
        new("state", "switches"),
        new("template_versions", "versions of templates"),
        new("template_options", "options of templates"),
        new("suppressions", "suppressions"),
        new("oauth_tokens", "OAuth tokens"),
        new("messages", "messages", Counted: "key"),
        new("message_contents", "contents"),
        new("message_recipients", "entries of the recipients' index"),
        new("idempotency", "idempotency keys"),
        new("queue_totals", "totals"),
        new("delivery_counts", "counters"),
        new("transcripts", "transcripts"),
        new("diagnoses", "diagnoses"),
        new("unmatched_replies", "unknown replies"),
    ];

    /// <summary>What belongs to browsers that were open: people sign in again, with the same keys.</summary>
    public static IReadOnlyList<string> Left { get; } = ["sign_ins", "oauth_authorizations"];

    /// <summary>Files of the old store, rows of the new one.</summary>
    public const string KeyRing = "key_ring";

    /// <summary>Whether the new store has a row for each writer where the old one has a row.</summary>
    public bool HasSlot => Name is "queue_totals" or "delivery_counts";
}

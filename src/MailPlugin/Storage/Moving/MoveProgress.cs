using System.Text.Json;

namespace MailPlugin.Storage.Moving;

/// <summary>How far a move has come: a row of the new store, written by the transactions that write what is moved.</summary>
/// <param name="Id">The move's own.</param>
/// <param name="From">The old store, for people.</param>
internal sealed record MoveProgress(string Id, string From, DateTimeOffset BegunAt)
{
    /// <summary>Its name among the switches, where nobody else has one.</summary>
    public const string Name = "move";

    /// <summary>Rows moved, by table; a table that is missing has not begun.</summary>
    public IReadOnlyDictionary<string, long> Moved { get; init; } = new Dictionary<string, long>();

    /// <summary>The table that is being moved; null between two of them.</summary>
    public string? Table { get; init; }

    /// <summary>The last key that was moved of it.</summary>
    public IReadOnlyList<JsonElement>? After { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The key as the old store compares it.</summary>
    public IReadOnlyList<object>? AfterKey => After?.Select(part => part.ValueKind == JsonValueKind.Number ? (object)part.GetInt64() : part.GetString()!).ToList();

    /// <summary>Whether all of a table is there.</summary>
    public bool Has(MovedTable table) => Table != table.Name && Moved.ContainsKey(table.Name);

    /// <param name="after">The last key; null: that was the whole table.</param>
    public MoveProgress With(MovedTable table, long more, IReadOnlyList<object>? after) => this with
    {
        Moved = new Dictionary<string, long>(Moved) { [table.Name] = Moved.GetValueOrDefault(table.Name) + more },
        Table = after is null ? null : table.Name,
        After = after?.Select(part => JsonSerializer.SerializeToElement(part)).ToList(),
    };

    public string ToText() => JsonSerializer.Serialize(this);

    public static MoveProgress? Parse(string? text) => text is null ? null : JsonSerializer.Deserialize<MoveProgress>(text);
}

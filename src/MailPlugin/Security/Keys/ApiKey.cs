namespace MailPlugin.Security.Keys;

/// <summary>A key as it is kept: the key itself is shown once and not stored.</summary>
internal sealed record ApiKey
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>SHA-256 of the key. The key has 256 bits of its own, so that no slow hash is needed.</summary>
    public required byte[] Hash { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>From addresses that a sending key may use; empty: any.</summary>
    public IReadOnlyList<string> From { get; init; } = [];

    public int? RatePerMinute { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public bool IsValidAt(DateTimeOffset time) => ExpiresAt is not { } end || time < end;
}

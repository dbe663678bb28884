namespace MailPlugin.Settings;

/// <summary>Keeps mail instead of sending it.</summary>
internal sealed record CaptureSettings
{
    /// <summary>Who gets mail all the same, by the next transport.</summary>
    public IReadOnlyList<string> AllowRecipients { get; init; } = [];

    /// <summary>Where everything goes instead, by the next transport; null: nowhere.</summary>
    public string? RedirectTo { get; init; }

    public bool Allows(string recipient) => AllowRecipients.Contains(recipient, StringComparer.OrdinalIgnoreCase);

    /// <summary>By the addresses, not by the list: settings that say the same are the same.</summary>
    public bool Equals(CaptureSettings? other) =>
        other is not null && RedirectTo == other.RedirectTo && AllowRecipients.SequenceEqual(other.AllowRecipients, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(RedirectTo, AllowRecipients.Count);
}

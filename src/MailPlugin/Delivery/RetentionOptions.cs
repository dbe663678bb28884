namespace MailPlugin.Delivery;

/// <summary>How long finished mail is kept (<c>MailPlugin:Retention:…</c>). What still waits is never touched.</summary>
internal sealed record RetentionOptions
{
    /// <summary>Contents.</summary>
    public TimeSpan Bodies { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Everything that is known of a message.</summary>
    public TimeSpan Messages { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Bytes of the database beyond which contents go early, the oldest first.</summary>
    public long Bytes { get; init; } = 10L * 1024 * 1024 * 1024;

    /// <summary>Messages beyond which finished ones go early, the oldest first.</summary>
    public long Count { get; init; } = 5_000_000;
}

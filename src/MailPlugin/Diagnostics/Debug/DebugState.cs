namespace MailPlugin.Diagnostics.Debug;

/// <summary>What is recorded of sessions.</summary>
/// <param name="Until">When it switches itself off; null when it is off.</param>
/// <param name="Minutes">For how long it was switched on.</param>
/// <param name="Content">How much of the messages.</param>
/// <param name="Transport">Id of the only transport it is for; null is all.</param>
internal sealed record DebugState(DateTimeOffset? Until, int Minutes, TranscriptContent Content, string? Transport)
{
    public const int DefaultMinutes = 30;

    public static DebugState Off { get; } = new(null, DefaultMinutes, TranscriptContent.None, null);

    public bool IsOnFor(string transport, DateTimeOffset now) => IsOn(now) && (Transport is null || Transport == transport);

    public bool IsOn(DateTimeOffset now) => Until > now;
}

/// <summary>How much of the messages' content a transcript holds.</summary>
internal enum TranscriptContent
{
    None,
    Headers,
    Full,
}

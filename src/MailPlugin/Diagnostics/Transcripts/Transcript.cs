namespace MailPlugin.Diagnostics.Transcripts;

/// <summary>What was said on the wire in one session, or by one program. Secrets were never in it.</summary>
internal sealed record Transcript
{
    public required string Id { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Transport { get; init; }

    /// <summary>Id of the message it was first opened for.</summary>
    public string? Message { get; init; }

    /// <summary>Ended well or with which fault, for lists.</summary>
    public required string Outcome { get; init; }

    public required IReadOnlyList<TranscriptLine> Lines { get; init; }

    /// <summary>Whether lines were left out because there were too many.</summary>
    public bool Truncated { get; init; }
}

/// <param name="At">Wall time.</param>
/// <param name="ElapsedMs">Milliseconds since the session began.</param>
/// <param name="From">Who said it.</param>
/// <param name="Text">The line, control characters escaped.</param>
/// <param name="Tls">Whether it travelled encrypted.</param>
internal sealed record TranscriptLine(DateTimeOffset At, double ElapsedMs, TranscriptSpeaker From, string Text, bool Tls);

internal enum TranscriptSpeaker
{
    Client,
    Server,
    Info,
}

namespace MailPlugin.Diagnostics.Transcripts;

internal interface ITranscriptStore
{
    Task AddAsync(Transcript transcript, CancellationToken cancellationToken);

    /// <summary>Bytes that this process has added so far.</summary>
    long Added { get; }

    Task<Transcript?> FindAsync(string id, CancellationToken cancellationToken);

    Task<IReadOnlyList<TranscriptSummary>> ListAsync(TranscriptFilter filter, CancellationToken cancellationToken);

    Task<int> ClearAsync(CancellationToken cancellationToken);

    /// <summary>Removes what is older than a time, and the oldest beyond a number of bytes; a small step each call.</summary>
    /// <returns>How many were removed; 0 when there is nothing left to do.</returns>
    Task<int> TrimAsync(DateTimeOffset olderThan, long maxBytes, CancellationToken cancellationToken);
}

/// <param name="Message">Only transcripts of this message.</param>
/// <param name="Transport">Only transcripts of this transport.</param>
/// <param name="BeforeTime">Only older ones, together with <paramref name="BeforeId"/>.</param>
internal sealed record TranscriptFilter(string? Message, string? Transport, DateTimeOffset? BeforeTime, string? BeforeId, int Limit);

/// <summary>A transcript without its lines.</summary>
internal sealed record TranscriptSummary(string Id, DateTimeOffset At, string Transport, string? Message, string Outcome, int LineCount, bool Truncated);

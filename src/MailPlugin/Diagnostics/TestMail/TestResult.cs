using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Transcripts;
using MailPlugin.Transports;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>How a test went.</summary>
/// <param name="Id">The message's id in <c>GET /messages/{id}</c>.</param>
/// <param name="Transcript">Never content.</param>
/// <param name="Sight">What was seen of the session.</param>
internal sealed record TestResult(
    string Id, string MessageId, TransportOutcome Outcome, TimeSpan Duration, string? TranscriptId, IReadOnlyList<TranscriptLine> Transcript, SessionSight Sight);

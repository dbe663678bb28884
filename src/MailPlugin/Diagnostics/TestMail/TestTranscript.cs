using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Transcripts;
using MailPlugin.Smtp;
using MailPlugin.Transports;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>Records the one session of a test, whether debug is on or not, and never its content.</summary>
internal sealed class TestTranscript(string message, ITranscriptStore store, TimeProvider clock, ILogger logger) : ITranscriptSource
{
    public TranscriptRecorder? Recorder { get; private set; }

    /// <summary>What was seen of the session; nothing where there was none.</summary>
    public SessionSight Sight { get; } = new();

    public ITransportTranscript? Begin(string transport, string? firstMessage) =>
        Recorder = new(transport, message, SmtpTranscriptContent.None, store, clock, logger) { Sight = Sight };
}

using MailPlugin.Diagnostics.Debug;
using MailPlugin.Smtp;
using MailPlugin.Transports;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Transcripts;

/// <summary>Records sessions while the debug switch is on for their transport.</summary>
internal sealed class DebugTranscripts(DebugSwitch debug, ITranscriptStore store, TimeProvider clock, ILogger<DebugTranscripts> logger) : ITranscriptSource
{
    public ITransportTranscript? Begin(string transport, string? message)
    {
        var state = debug.State;
        return state.IsOnFor(transport, clock.GetUtcNow())
            ? new TranscriptRecorder(transport, message, ContentOf(state.Content), store, clock, logger)
            : null;
    }

    public static SmtpTranscriptContent ContentOf(TranscriptContent content) => content switch
    {
        TranscriptContent.Headers => SmtpTranscriptContent.Headers,
        TranscriptContent.Full => SmtpTranscriptContent.Full,
        _ => SmtpTranscriptContent.None,
    };
}

using System.Collections.Concurrent;
using MailPlugin.Diagnostics.Debug;
using MailPlugin.Smtp;
using MailPlugin.Transports;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Transcripts;

/// <summary>Records sessions while the debug switch is on for their transport. One that serves many messages goes on for long: until it is kept, it is read here.</summary>
internal sealed class DebugTranscripts(DebugSwitch debug, ITranscriptStore store, TimeProvider clock, ILogger<DebugTranscripts> logger) : ITranscriptSource
{
    const int MostOpen = 1_000;

    readonly ConcurrentDictionary<string, TranscriptRecorder> _open = new(StringComparer.Ordinal);

    public ITransportTranscript? Begin(string transport, string? message)
    {
        var state = debug.State;
        if (!state.IsOnFor(transport, clock.GetUtcNow()))
        {
            return null;
        }

        var recorder = new TranscriptRecorder(transport, message, ContentOf(state.Content), store, clock, logger) { Ended = id => _open.TryRemove(id, out _) };
        if (_open.Count < MostOpen)
        {
            _open[recorder.Id] = recorder;
        }

        return recorder;
    }

    /// <summary>A session that goes on, as far as it has come; null where there is none on this node.</summary>
    public Transcript? Find(string id) => _open.GetValueOrDefault(id)?.ToTranscript("running");

    public static SmtpTranscriptContent ContentOf(TranscriptContent content) => content switch
    {
        TranscriptContent.Headers => SmtpTranscriptContent.Headers,
        TranscriptContent.Full => SmtpTranscriptContent.Full,
        _ => SmtpTranscriptContent.None,
    };
}

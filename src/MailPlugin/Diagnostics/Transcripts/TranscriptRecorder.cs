using System.Globalization;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Smtp;
using MailPlugin.Transports;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Transcripts;

/// <summary>Collects one session's lines, within bounds, and keeps them when it ends.</summary>
internal sealed partial class TranscriptRecorder(
    string transport, string? message, SmtpTranscriptContent content, ITranscriptStore store, TimeProvider clock, ILogger logger) : ITransportTranscript
{
    const int MaxLines = 5_000;
    const int MaxCharacters = 1_000_000;

    readonly Lock _gate = new();
    readonly List<TranscriptLine> _lines = [];
    readonly DateTimeOffset _begun = clock.GetUtcNow();
    int _characters;
    bool _truncated;

    public string Id { get; } = "t_" + Guid.CreateVersion7(clock.GetUtcNow()).ToString("N", CultureInfo.InvariantCulture);

    public SmtpTranscriptContent Content { get; } = content;

    public void Write(in SmtpTranscriptLine line)
    {
        lock (_gate)
        {
            if (_lines.Count >= MaxLines || _characters + line.Text.Length > MaxCharacters)
            {
                _truncated = true;
                return;
            }

            _characters += line.Text.Length;
            _lines.Add(new(line.At, Math.Round((line.At - _begun).TotalMilliseconds, 1), SpeakerOf(line.From), line.Text, line.Tls));
        }
    }

    /// <summary>Is told the id when the transcript is kept, or could not be.</summary>
    public Action<string>? Ended { get; init; }

    /// <summary>Is told what happens, where somebody wants to know the cause.</summary>
    public SessionSight? Sight { get; init; }

    public void Observe(SmtpEvent happened) => Sight?.Observe(happened);

    /// <summary>What was said until now.</summary>
    public IReadOnlyList<TranscriptLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public async Task CompleteAsync(string outcome)
    {
        try
        {
            await store.AddAsync(ToTranscript(outcome), CancellationToken.None);
        }
        catch (Exception fault)
        {
            LogNotKept(logger, Id, fault);
        }
        finally
        {
            Ended?.Invoke(Id);
        }
    }

    public Transcript ToTranscript(string outcome)
    {
        lock (_gate)
        {
            return new()
            {
                Id = Id,
                At = _begun,
                Transport = transport,
                Message = message,
                Outcome = outcome,
                Lines = [.. _lines],
                Truncated = _truncated,
            };
        }
    }

    static TranscriptSpeaker SpeakerOf(SmtpSpeaker speaker) => speaker switch
    {
        SmtpSpeaker.Client => TranscriptSpeaker.Client,
        SmtpSpeaker.Server => TranscriptSpeaker.Server,
        _ => TranscriptSpeaker.Info,
    };

    [LoggerMessage(EventId = 1302, Level = LogLevel.Warning, Message = "Transcript {Id} could not be kept")]
    static partial void LogNotKept(ILogger logger, string id, Exception fault);
}

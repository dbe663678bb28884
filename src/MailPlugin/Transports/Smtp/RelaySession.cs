using MailPlugin.Smtp;

namespace MailPlugin.Transports.Smtp;

/// <summary>A session with what the transport notes of it.</summary>
internal sealed class RelaySession(SmtpSession session, ITransportTranscript? transcript)
{
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    public SmtpSession Session { get; } = session;

    public ITransportTranscript? Transcript { get; } = transcript;

    /// <summary>Messages handed over on it.</summary>
    public int Sent { get; set; }

    /// <summary>How its last message ended.</summary>
    public string Outcome { get; set; } = "ok";

    /// <summary>Says QUIT, but does not wait long for the answer.</summary>
    public async Task EndAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(Farewell);
            await Session.QuitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // A relay that does not answer QUIT is left.
        }
        finally
        {
            await Session.DisposeAsync();
        }
    }
}

using MailPlugin.Security.Outbound;
using MailPlugin.Settings;
using MailPlugin.Transports.Smtp;

namespace MailPlugin.Transports;

/// <summary>Makes a transport of its settings: the one place that knows which mode is which.</summary>
internal sealed class TransportFactory(OutboundPolicy policy, IAccessTokens tokens, TimeProvider clock)
{
    /// <param name="settings">What to make it of.</param>
    /// <param name="transcripts">Who records its sessions.</param>
    /// <param name="silence">How long a relay may be silent before it is looked for why; null waits, as mail can.</param>
    public ITransport Create(TransportSettings settings, ITranscriptSource transcripts, TimeSpan? silence = null) => settings.Mode switch
    {
        TransportMode.Smtp => new SmtpTransport(
            settings.Id, new(RelayOf.Settings(settings.Smtp!, policy, silence), clock, TokenLogin.Of(settings, tokens)), settings.Smtp!.MessagesPerSession, transcripts, clock),
        _ => throw new NotSupportedException($"mode {settings.Mode} has no transport"),
    };
}

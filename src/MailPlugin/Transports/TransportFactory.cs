using MailPlugin.Security.Outbound;
using MailPlugin.Settings;
using MailPlugin.Transports.Smtp;

namespace MailPlugin.Transports;

/// <summary>Makes a transport of its settings: the one place that knows which mode is which.</summary>
internal sealed class TransportFactory(OutboundPolicy policy, IAccessTokens tokens, TimeProvider clock)
{
    public ITransport Create(TransportSettings settings, ITranscriptSource transcripts) => settings.Mode switch
    {
        TransportMode.Smtp => new SmtpTransport(
            settings.Id, new(RelayOf.Settings(settings.Smtp!, policy), clock, TokenLogin.Of(settings, tokens)), settings.Smtp!.MessagesPerSession, transcripts, clock),
        _ => throw new NotSupportedException($"mode {settings.Mode} has no transport"),
    };
}

using MailPlugin.Security.Outbound;
using MailPlugin.Settings;
using MailPlugin.Transports.Capture;
using MailPlugin.Transports.Php;
using MailPlugin.Transports.Programs;
using MailPlugin.Transports.Sendmail;
using MailPlugin.Transports.Smtp;

namespace MailPlugin.Transports;

/// <summary>Makes a transport of its settings: the one place that knows which mode is which.</summary>
internal sealed class TransportFactory(OutboundPolicy policy, IAccessTokens tokens, ProgramRunner programs, TimeProvider clock)
{
    /// <param name="settings">What to make it of.</param>
    /// <param name="transcripts">Who records its sessions.</param>
    /// <param name="silence">How long a relay may be silent before it is looked for why; null waits, as mail can.</param>
    public ITransport Create(TransportSettings settings, ITranscriptSource transcripts, TimeSpan? silence = null) => settings.Mode switch
    {
        TransportMode.Smtp => new SmtpTransport(
            settings.Id, new(RelayOf.Settings(settings.Smtp!, policy, silence), clock, TokenLogin.Of(settings, tokens)), settings.Smtp!.MessagesPerSession, transcripts, clock),
        TransportMode.Sendmail => Sendmail(settings.Id, settings.Sendmail!, transcripts),
        TransportMode.Qmail => Qmail(settings.Id, settings.Qmail!, transcripts),
        TransportMode.Capture => new CaptureTransport(settings.Id, settings.Capture!),
        TransportMode.Php => new PhpTransport(settings.Id, settings.Php!, programs, transcripts, clock),
        _ => throw new ArgumentOutOfRangeException(nameof(settings)),
    };

    ITransport Sendmail(string id, SendmailSettings sendmail, ITranscriptSource transcripts)
    {
        ProgramCommand Pipe(string sender, IReadOnlyList<string> recipients) => new(sendmail.Path, MailArguments.Sendmail(sender, recipients)) { Timeout = sendmail.Timeout };
        return sendmail.Style == SendmailStyle.Smtp
            ? new SessionTransport(id, new(sendmail.Path, ["-bs"]) { Timeout = sendmail.Timeout }, programs, transcripts, clock)
            : new PipeTransport(id, Pipe, programs, transcripts, clock);
    }

    PipeTransport Qmail(string id, QmailSettings qmail, ITranscriptSource transcripts)
    {
        ProgramCommand Pipe(string sender, IReadOnlyList<string> recipients)
        {
            var path = MailArguments.QmailPath(qmail.Path);
            return new(path, MailArguments.Qmail(path, sender, recipients));
        }

        return new(id, Pipe, programs, transcripts, clock);
    }
}

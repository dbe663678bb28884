using MailPlugin.Smtp;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>Sees a session that nobody reads the lines of.</summary>
internal sealed class QuietWatch : ISmtpTranscript
{
    public SessionSight Sight { get; } = new();

    public SmtpTranscriptContent Content => SmtpTranscriptContent.None;

    public void Write(in SmtpTranscriptLine line)
    {
    }

    public void Observe(SmtpEvent happened) => Sight.Observe(happened);
}

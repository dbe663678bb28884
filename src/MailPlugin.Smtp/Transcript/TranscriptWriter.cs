using System.Text;

namespace MailPlugin.Smtp;

/// <summary>Hands lines to the transcript, if there is one, and sees to it that a transcript that throws harms nobody.</summary>
internal sealed class TranscriptWriter(ISmtpTranscript? transcript, TimeProvider time)
{
    internal bool IsOn => transcript is not null;

    internal bool Tls { get; set; }

    internal SmtpTranscriptContent Content
    {
        get
        {
            try
            {
                return transcript?.Content ?? SmtpTranscriptContent.None;
            }
            catch (Exception)
            {
                return SmtpTranscriptContent.None;
            }
        }
    }

    internal void Client(string line) => Write(SmtpSpeaker.Client, line);

    internal void Client(ReadOnlySpan<byte> line)
    {
        if (transcript is not null)
        {
            Write(SmtpSpeaker.Client, Encoding.UTF8.GetString(line));
        }
    }

    internal void Info(string line) => Write(SmtpSpeaker.Info, line);

    internal void Tell(SmtpEvent happened)
    {
        try
        {
            transcript?.Observe(happened);
        }
        catch (Exception)
        {
            // As with a line.
        }
    }

    internal void Server(SmtpReply reply)
    {
        var lines = reply.Lines;
        for (var i = 0; i < lines.Count; i++)
        {
            Write(SmtpSpeaker.Server, $"{reply.Code}{(i < lines.Count - 1 ? '-' : ' ')}{lines[i]}");
        }
    }

    void Write(SmtpSpeaker from, string line)
    {
        if (transcript is null)
        {
            return;
        }

        try
        {
            transcript.Write(new SmtpTranscriptLine(time.GetUtcNow(), from, ServerText.Clean(line), Tls));
        }
        catch (Exception)
        {
            // A transcript is a convenience; a message is not.
        }
    }
}

using System.Globalization;
using System.Text;
using MailPlugin.Http.Binding;
using MailPlugin.Smtp;

namespace MailPlugin.Transports.Programs;

/// <summary>Writes down one run: the command line, as much of the content as is wanted, what the program said, how it ended.</summary>
internal sealed class ProgramTranscript(ITransportTranscript? transcript, TimeProvider clock)
{
    const int LongestLine = 2000;

    public string? Id => transcript?.Id;

    public void Begin(ProgramCommand command, ReadOnlySpan<byte> input)
    {
        if (transcript is null)
        {
            return;
        }

        Say($"Running {command}");
        if (transcript.Content == SmtpTranscriptContent.None)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"(content, {input.Length} bytes)"));
            return;
        }

        var end = transcript.Content == SmtpTranscriptContent.Headers ? input.IndexOf("\n\n"u8) : -1;
        foreach (var line in Encoding.UTF8.GetString(end < 0 ? input : input[..end]).Split('\n'))
        {
            Write(SmtpSpeaker.Client, line);
        }
    }

    /// <summary>What happens between the lines.</summary>
    public void Say(string text) => Write(SmtpSpeaker.Info, text);

    /// <param name="result">How the program ended.</param>
    /// <param name="fault">What went wrong, if it was the transport.</param>
    /// <param name="outcome">In a few words, for lists.</param>
    public async Task EndAsync(ProgramResult result, TransportFault? fault, string outcome)
    {
        if (transcript is null)
        {
            return;
        }

        Words(result.Error);
        Words(result.Output);
        var end = fault?.Detail ?? (result.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"exit code {code}") : EnumText.Of(result.End));
        Say(string.Create(CultureInfo.InvariantCulture, $"{end}, after {result.Duration.TotalMilliseconds:F0} ms"));
        await transcript.CompleteAsync(fault is null ? outcome : EnumText.Of(fault.Kind));
    }

    /// <summary>What the program said.</summary>
    public void Words(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Write(SmtpSpeaker.Server, line);
        }
    }

    void Write(SmtpSpeaker from, string text)
    {
        try
        {
            transcript?.Write(new(clock.GetUtcNow(), from, PlainText.Clip(PlainText.Lines(text), LongestLine), Tls: false));
        }
        catch (Exception)
        {
            // A transcript is a convenience; a message is not.
        }
    }
}

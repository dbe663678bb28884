using MailPlugin.Diagnostics.Transcripts;
using MailPlugin.Http;
using MailPlugin.Smtp;
using MailPlugin.Smtp.Mime;
using MailPlugin.Transports;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>Sends a test by a transport made for it alone, so that a draft touches nothing that other mail uses.</summary>
internal sealed class TestRun(TransportFactory transports, ITranscriptStore transcripts, TimeProvider clock, ILogger<TestRun> logger)
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    readonly MessageComposer _composer = new(clock);

    public async Task<TestResult> SendAsync(TestRequest request, Language language, CancellationToken cancellationToken)
    {
        var id = "m_x";
        var messageId = $"<{Guid.CreateVersion7():N}@{request.From.Address.Split('@')[1]}>";
        using var message = _composer.Compose(TestMessage.Draft(request, language, messageId));
        var source = new TestTranscript(id, transcripts, clock, logger);
        await using var transport = transports.Create(request.Transport, source);
        var begun = clock.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Longest);
        var outgoing = new OutgoingMessage(request.From.Address, [request.To], message.Header, System.Buffers.BuffersExtensions.ToArray(message.Body));
        TransportOutcome? outcome = null;
        await foreach (var o in transport.SendAsync(One(outgoing), limit.Token))
        {
            outcome = o;
        }

        return new(id, messageId, outcome!, clock.GetElapsedTime(begun), source.Recorder!.Id, source.Recorder.Lines);
    }

    static async IAsyncEnumerable<OutgoingMessage> One(OutgoingMessage m)
    {
        await Task.CompletedTask;
        yield return m;
    }
}

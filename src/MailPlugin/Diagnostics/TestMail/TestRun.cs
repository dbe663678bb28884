using System.Buffers;
using MailPlugin.Delivery;
using MailPlugin.Diagnostics.Transcripts;
using MailPlugin.Queue;
using MailPlugin.Smtp.Mime;
using MailPlugin.Templates.Rendering;
using MailPlugin.Transports;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>Sends a test by a transport made for it alone, so that a draft touches nothing that other mail uses. The message is kept like any other.</summary>
internal sealed class TestRun(TransportFactory transports, SingleSend send, ITranscriptStore transcripts, TimeProvider clock, ILogger<TestRun> logger)
{
    public const string Source = "test";

    /// <summary>Mail can wait for a relay that is slow to greet; whoever tests sits there, and wants to know whether it is the wrong port.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(1.5);

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    readonly MessageComposer _composer = new(clock);

    public async Task<TestResult> SendAsync(TestRequest request, RenderedMail mail, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var begun = clock.GetTimestamp();
        var id = MessageIdentity.New(now);
        var messageId = MessageIdentity.Header(id, MailboxAddress.Parse(request.From.Address).Domain);
        using var composed = _composer.Compose(TestMessage.Draft(request, mail, messageId));
        var message = new NewMessage
        {
            Id = id,
            MessageId = messageId,
            CreatedAt = now,
            ExpiresAt = now,
            Source = Source,
            Transport = request.Way.Id,
            Subject = TestMessage.SubjectOf(request, mail),
            From = request.From,
            Recipients = [new(request.To, RecipientKind.To)],
            Header = composed.Header,
            Body = composed.Body.ToArray(),
            NeedsSmtpUtf8 = composed.NeedsSmtpUtf8 || MailboxAddress.Parse(request.To).NeedsSmtpUtf8,
        };

        var transcript = new TestTranscript(id, transcripts, clock, logger);
        await using var transport = transports.Create(request.Way, transcript, Silence);
        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var outcome = await send.SendNowAsync(message, transport, request.Way, request.Settings, request.RedirectTo, either.Token);
        return new(id, messageId, outcome, clock.GetElapsedTime(begun), transcript.Recorder?.Id, transcript.Recorder?.Lines ?? [], transcript.Sight);
    }
}

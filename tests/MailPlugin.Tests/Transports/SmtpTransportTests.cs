using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MailPlugin.Security.Outbound;
using MailPlugin.Settings;
using MailPlugin.Smtp;
using MailPlugin.TestBed;
using MailPlugin.Tests.Support;
using MailPlugin.Transports;
using MailPlugin.Transports.Smtp;

namespace MailPlugin.Tests.Transports;

/// <summary>Exactly one outcome for each message that was taken, whatever happens; and sessions that are kept.</summary>
public sealed class SmtpTransportTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Messages_go_over_one_session_and_each_has_its_outcome()
    {
        await using var server = new RecordingSmtpServer();
        await using var transport = New(server.Port);

        var outcomes = await SendAsync(transport, 3);

        Assert.Equal(["0", "1", "2"], outcomes.Select(outcome => outcome.Message.Id));
        Assert.All(outcomes, outcome => Assert.Equal(RecipientVerdict.Accepted, Assert.Single(outcome.Recipients).Verdict));
        Assert.All(outcomes, outcome => Assert.Equal(250, outcome.FinalReply?.Code));
        Assert.Equal((1, 3), (server.Connections, server.Messages.Count));
    }

    [Fact]
    public async Task A_session_is_taken_up_again_for_the_next_call()
    {
        await using var server = new RecordingSmtpServer();
        await using var transport = New(server.Port);

        await SendAsync(transport, 1);
        await SendAsync(transport, 2);

        Assert.Equal((1, 3), (server.Connections, server.Messages.Count));
    }

    [Fact]
    public async Task A_session_that_was_idle_for_long_is_not()
    {
        var clock = new ManualClock();
        await using var server = new RecordingSmtpServer();
        await using var transport = New(server.Port, clock: clock);

        await SendAsync(transport, 1);
        clock.Advance(TimeSpan.FromSeconds(15));
        await SendAsync(transport, 1);

        Assert.Equal((2, 2), (server.Connections, server.Messages.Count));
    }

    [Fact]
    public async Task A_session_carries_no_more_messages_than_the_settings_say()
    {
        await using var server = new RecordingSmtpServer();
        await using var transport = New(server.Port, perSession: 2);

        Assert.Equal(5, (await SendAsync(transport, 5)).Count);
        Assert.Equal(3, server.Connections);
        Assert.Single(await SendAsync(transport, 1));
        Assert.Equal(3, server.Connections);
        await SendAsync(transport, 1);
        Assert.Equal(4, server.Connections);
    }

    [Fact]
    public async Task A_session_whose_transcript_is_wanted_is_made_anew_and_recorded_from_its_greeting()
    {
        var transcripts = new Recorder();
        await using var server = new RecordingSmtpServer();
        await using var transport = New(server.Port, transcripts: transcripts);

        await SendAsync(transport, 1);
        transcripts.Wanted = true;
        var outcome = Assert.Single(await SendAsync(transport, 1));

        Assert.Equal(2, server.Connections);
        Assert.Equal(("t_1", "accepted"), (outcome.TranscriptId, transcripts.Outcome));
        Assert.Contains(transcripts.Lines, line => line.StartsWith("220 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_relay_that_is_not_there_is_the_outcome_of_what_was_taken_and_the_rest_is_left()
    {
        using var closed = new ClosedPort();
        await using var transport = New(closed.Port);
        var taken = 0;

        var outcomes = await CollectAsync(transport.SendAsync(Messages(5, _ => taken++), CancellationToken.None));

        Assert.Equal(taken, outcomes.Count);
        Assert.All(outcomes, outcome =>
        {
            Assert.Equal((TransportStage.Connect, TransportFaultKind.ConnectionRefused), (outcome.Fault!.Stage, outcome.Fault.Kind));
            Assert.Equal(RecipientVerdict.NotSent, Assert.Single(outcome.Recipients).Verdict);
        });
    }

    [Fact]
    public async Task A_kept_session_that_has_died_costs_no_message()
    {
        await using var relay = new CutServer();
        await using var transport = New(relay.Port);

        Assert.Equal(RecipientVerdict.Accepted, Assert.Single(await SendAsync(transport, 1)).Recipients[0].Verdict);
        relay.Cut();
        var outcomes = await SendAsync(transport, 2);

        Assert.All(outcomes, outcome => Assert.Equal(RecipientVerdict.Accepted, outcome.Recipients[0].Verdict));
        Assert.Equal((2, 3), (outcomes.Count, relay.Server.Messages.Count));
    }

    [Theory]
    [InlineData]
    [InlineData("PIPELINING")]
    [InlineData("PIPELINING", "CHUNKING")]
    public async Task A_relay_that_takes_so_many_on_a_connection_costs_no_message_an_attempt(params string[] capabilities)
    {
        await using var relay = new QuotaRelay(20, capabilities);
        await using var transport = New(relay.Port);

        var outcomes = await SendAsync(transport, 70);

        Assert.Equal(Enumerable.Range(0, 70).Select(number => $"{number}"), outcomes.Select(outcome => outcome.Message.Id));
        Assert.All(outcomes, outcome => Assert.Equal((RecipientVerdict.Accepted, null), (outcome.Recipients[0].Verdict, outcome.Fault)));
        Assert.Equal((70, 4), (relay.Taken, relay.Connections));
    }

    [Fact]
    public async Task A_relay_that_takes_nothing_is_asked_once_for_each_message_and_says_why()
    {
        await using var relay = new QuotaRelay(0, "PIPELINING", "CHUNKING");
        await using var transport = New(relay.Port);

        var outcomes = await SendAsync(transport, 3);

        Assert.All(outcomes, outcome => Assert.Equal((RecipientVerdict.NotSent, 421), (outcome.Recipients[0].Verdict, outcome.FinalReply?.Code)));
        Assert.Equal((3, 0), (outcomes.Count, relay.Taken));
        Assert.InRange(relay.Connections, 1, 3);
    }

    [Fact]
    public async Task An_envelope_that_cannot_be_said_is_an_outcome_and_the_others_are_sent()
    {
        await using var server = new RecordingSmtpServer();
        await using var transport = New(server.Port);
        OutgoingMessage[] messages = [Message("0"), Message("1") with { Recipients = [] }, Message("2")];

        var outcomes = await CollectAsync(transport.SendAsync(messages.ToAsyncEnumerable(), CancellationToken.None));

        Assert.Equal(["0", "1", "2"], outcomes.Select(outcome => outcome.Message.Id).Order(StringComparer.Ordinal));
        Assert.Equal(TransportFaultKind.NotPrepared, outcomes.Single(outcome => outcome.Message.Id == "1").Fault?.Kind);
        Assert.Equal(2, server.Messages.Count);
    }

    [Fact]
    public async Task Canceled_before_anything_is_an_empty_stream_and_no_exception()
    {
        await using var server = new RecordingSmtpServer();
        await using var transport = New(server.Port);
        var taken = 0;

        var outcomes = await CollectAsync(transport.SendAsync(Messages(3, _ => taken++), new CancellationToken(canceled: true)));

        Assert.Equal(taken, outcomes.Count);
        Assert.Empty(server.Messages);
    }

    [Fact]
    public async Task Canceled_while_the_relay_says_nothing_is_an_outcome()
    {
        await using var silent = new SilentPort();
        await using var transport = New(silent.Port);
        using var canceled = new CancellationTokenSource();
        var sending = CollectAsync(transport.SendAsync(Messages(1), canceled.Token));
        await Eventually.SeeAsync(() => silent.Connections > 0, "the relay was called");
        await canceled.CancelAsync();

        var outcome = Assert.Single(await sending);
        Assert.Equal(TransportFaultKind.Canceled, outcome.Fault!.Kind);
        Assert.Equal(RecipientVerdict.NotSent, Assert.Single(outcome.Recipients).Verdict);
    }

    [Fact]
    public async Task Canceled_in_the_middle_leaves_no_message_that_was_taken_without_its_one_outcome()
    {
        for (var after = 0; after < 12; after++)
        {
            await using var server = new RecordingSmtpServer();
            await using var transport = New(server.Port, perSession: 5);
            using var canceled = new CancellationTokenSource();
            var taken = new List<string>();
            var source = Messages(30, id =>
            {
                taken.Add(id);
                if (taken.Count == after + 1)
                {
                    canceled.Cancel();
                }
            });

            var outcomes = await CollectAsync(transport.SendAsync(source, canceled.Token));

            Assert.Equal(taken.Order(StringComparer.Ordinal), outcomes.Select(outcome => outcome.Message.Id!).Order(StringComparer.Ordinal));
            Assert.All(outcomes, outcome => Assert.Single(outcome.Recipients));

            // What is told as not sent was not sent.
            var accepted = outcomes.Count(outcome => outcome.Recipients[0].Verdict == RecipientVerdict.Accepted);
            var uncertain = outcomes.Count(outcome => outcome.Recipients[0].Verdict == RecipientVerdict.Uncertain);
            Assert.InRange(server.Messages.Count, accepted, accepted + uncertain);
        }
    }

    [Fact]
    public async Task A_call_that_waits_for_its_next_message_ends_when_it_is_canceled()
    {
        await using var server = new RecordingSmtpServer();
        await using var transport = New(server.Port);
        using var canceled = new CancellationTokenSource();
        var source = Channel.CreateUnbounded<OutgoingMessage>();
        await source.Writer.WriteAsync(Message("0"));
        var sending = CollectAsync(transport.SendAsync(source.Reader.ReadAllAsync(canceled.Token), canceled.Token));
        await Eventually.SeeAsync(() => server.Messages.Count == 1, "the first message arrived");
        await canceled.CancelAsync();

        Assert.Equal(RecipientVerdict.Accepted, Assert.Single(await sending).Recipients[0].Verdict);
    }

    [Fact]
    public async Task Kept_sessions_say_goodbye_when_the_transport_ends()
    {
        await using var server = new RecordingSmtpServer();
        var transport = New(server.Port);
        await SendAsync(transport, 1);
        await transport.DisposeAsync().AsTask().WaitAsync(Patience);

        await Eventually.SeeAsync(() => server.Lines.Contains("QUIT"), "QUIT was said");
    }

    static SmtpTransport New(int port, int perSession = 100, ITranscriptSource? transcripts = null, TimeProvider? clock = null) => new(
        "primary",
        new(RelayOf.Settings(new() { Host = "127.0.0.1", Port = port, Security = SmtpSecurityChoice.None, Timeout = Patience }, new OutboundPolicy(new())), clock ?? TimeProvider.System),
        perSession,
        transcripts ?? new Recorder(),
        clock ?? TimeProvider.System);

    static Task<List<TransportOutcome>> SendAsync(SmtpTransport transport, int count) => CollectAsync(transport.SendAsync(Messages(count), CancellationToken.None));

    static Task<List<TransportOutcome>> CollectAsync(IAsyncEnumerable<TransportOutcome> outcomes)
    {
        // Elsewhere, so that not even a loop without end keeps the test from its end.
        return Task.Run(async () =>
        {
            var all = new List<TransportOutcome>();
            await foreach (var outcome in outcomes)
            {
                all.Add(outcome);
            }

            return all;
        }).WaitAsync(Patience);
    }

    static async IAsyncEnumerable<OutgoingMessage> Messages(int count, Action<string>? taken = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var number = 0; number < count; number++)
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            taken?.Invoke($"{number}");
            yield return Message($"{number}");
        }
    }

    static OutgoingMessage Message(string id) =>
        new("a@example.com", ["b@example.org"], System.Text.Encoding.ASCII.GetBytes($"Subject: {id}\r\n"), "body\r\n"u8.ToArray()) { Id = id };

    /// <summary>Records when it is told to.</summary>
    sealed class Recorder : ITranscriptSource, ITransportTranscript
    {
        readonly List<string> _lines = [];

        public bool Wanted { get; set; }

        public string? Outcome { get; private set; }

        public IReadOnlyList<string> Lines => _lines;

        public string Id => "t_1";

        public SmtpTranscriptContent Content => SmtpTranscriptContent.None;

        public ITransportTranscript? Begin(string transport, string? message) => Wanted ? this : null;

        public void Write(in SmtpTranscriptLine line) => _lines.Add(line.Text);

        public Task CompleteAsync(string outcome)
        {
            Outcome = outcome;
            return Task.CompletedTask;
        }
    }
}

using MailPlugin.Diagnostics.Debug;
using MailPlugin.Diagnostics.Transcripts;
using MailPlugin.Smtp;
using MailPlugin.Storage.Queue;
using MailPlugin.Storage.Stores;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailPlugin.Tests.Diagnostics;

public sealed class TranscriptRecorderTests : IAsyncLifetime
{
    static readonly CancellationToken Never = CancellationToken.None;

    Plugin _plugin = null!;

    public Task InitializeAsync()
    {
        _plugin = Plugin.Create();
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => _plugin.DisposeAsync().AsTask();

    [Fact]
    public async Task What_was_said_is_kept_when_the_session_ends()
    {
        var store = new TranscriptStore(_plugin.Database);
        var recorder = NewRecorder(store);
        recorder.Write(new(_plugin.Clock.GetUtcNow().AddMilliseconds(12.34), SmtpSpeaker.Server, "220 hello", false));
        recorder.Write(new(_plugin.Clock.GetUtcNow().AddMilliseconds(20), SmtpSpeaker.Client, "EHLO x", true));
        recorder.Write(new(_plugin.Clock.GetUtcNow().AddMilliseconds(30), SmtpSpeaker.Info, "closed", true));
        await recorder.CompleteAsync("ok");

        var kept = (await store.FindAsync(recorder.Id, Never))!;
        Assert.Equal(("primary", "m_1", "ok", false), (kept.Transport, kept.Message, kept.Outcome, kept.Truncated));
        Assert.Equal([(12.3, TranscriptSpeaker.Server, false), (20.0, TranscriptSpeaker.Client, true), (30.0, TranscriptSpeaker.Info, true)], kept.Lines.Select(line => (line.ElapsedMs, line.From, line.Tls)));
        Assert.Equal("S: 220 hello\nC: EHLO x\n   closed\n", GetTranscript.AsText(kept));
    }

    [Fact]
    public async Task More_than_anybody_reads_is_left_out_and_said()
    {
        var store = new TranscriptStore(_plugin.Database);
        var many = NewRecorder(store);
        var large = NewRecorder(store);
        for (var number = 0; number < 6_000; number++)
        {
            many.Write(new(_plugin.Clock.GetUtcNow(), SmtpSpeaker.Client, "x", true));
            large.Write(new(_plugin.Clock.GetUtcNow(), SmtpSpeaker.Client, new('x', 1000), true));
        }

        await many.CompleteAsync("ok");
        await large.CompleteAsync("ok");

        Assert.Equal((5_000, true), await SizeAsync(many.Id));
        Assert.Equal((1_000, true), await SizeAsync(large.Id));
        Assert.EndsWith("(more was said)\n", GetTranscript.AsText((await store.FindAsync(many.Id, Never))!), StringComparison.Ordinal);

        async Task<(int, bool)> SizeAsync(string id) => await store.FindAsync(id, Never) is { } kept ? (kept.Lines.Count, kept.Truncated) : default;
    }

    [Fact]
    public async Task A_transcript_that_cannot_be_kept_stops_nothing_and_is_said()
    {
        var store = new TranscriptStore(_plugin.Database);
        await _plugin.CloseAsync();
        await NewRecorder(store, _plugin.Log.Of<TranscriptRecorder>()).CompleteAsync("ok");

        Assert.Contains(_plugin.Log.Entries, entry => entry.Level == LogLevel.Warning && entry.Text.Contains("could not be kept", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_debug_switch_records_its_transport_for_its_time_and_survives_a_restart()
    {
        var store = new TranscriptStore(_plugin.Database);
        var debug = new DebugSwitch(new QueueState(_plugin.Database), _plugin.Clock, _plugin.Log.Of<DebugSwitch>());
        await debug.SetAsync(true, 30, TranscriptContent.Headers, "primary", Never);
        debug = new(new QueueState(_plugin.Database), _plugin.Clock, _plugin.Log.Of<DebugSwitch>());
        await debug.LoadAsync(Never);
        var transcripts = new DebugTranscripts(debug, store, _plugin.Clock, NullLogger<DebugTranscripts>.Instance);

        var session = transcripts.Begin("primary", "m_1")!;
        Assert.Equal(SmtpTranscriptContent.Headers, session.Content);

        // It can be read while it goes on, and then from the store.
        session.Write(new(_plugin.Clock.GetUtcNow(), SmtpSpeaker.Server, "220 hello", false));
        Assert.Equal(("running", "220 hello"), (transcripts.Find(session.Id)?.Outcome, transcripts.Find(session.Id)?.Lines[0].Text));
        await session.CompleteAsync("ok");
        Assert.Null(transcripts.Find(session.Id));
        Assert.Equal("ok", (await store.FindAsync(session.Id, Never))?.Outcome);
        Assert.Null(transcripts.Begin("other", null));
        _plugin.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Null(transcripts.Begin("primary", null));
        await debug.SetAsync(true, 1, TranscriptContent.None, null, Never);
        Assert.NotNull(transcripts.Begin("other", null));
        await debug.SetAsync(false, 1, TranscriptContent.None, null, Never);
        Assert.Null(transcripts.Begin("other", null));
    }

    [Fact]
    public async Task A_busy_debug_mode_does_not_outgrow_its_room_until_the_next_round()
    {
        var store = new TranscriptStore(_plugin.Database);
        var options = Plugin.Options() with { Transcripts = new() { Bytes = 1024 * 1024 } };
        using var retention = new TranscriptRetention(store, options, _plugin.Clock, NullLogger<TranscriptRetention>.Instance);
        await retention.StartAsync(Never);
        var bytes = new byte[400_000];
        for (var number = 0; number < 8; number++)
        {
            new Random(number).NextBytes(bytes);
            var recorder = NewRecorder(store);
            recorder.Write(new(_plugin.Clock.GetUtcNow(), SmtpSpeaker.Server, Convert.ToBase64String(bytes), true));
            await recorder.CompleteAsync("ok");
        }

        Assert.InRange(store.Added, 2_400_000, long.MaxValue);
        _plugin.Clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.SeeAsync(() => store.ListAsync(new(null, null, null, null, 50), Never), kept => kept.Count is > 0 and <= 3, "what is kept of the transcripts");
        await retention.StopAsync(Never);
    }

    TranscriptRecorder NewRecorder(TranscriptStore store, ILogger? logger = null) =>
        new("primary", "m_1", SmtpTranscriptContent.None, store, _plugin.Clock, logger ?? NullLogger.Instance);
}

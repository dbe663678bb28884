using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Diagnostics.Doctor;
using MailPlugin.Diagnostics.Knowledge;
using MailPlugin.Diagnostics.Transcripts;
using MailPlugin.Storage;
using MailPlugin.Storage.Queue;
using MailPlugin.Storage.Stores;
using MailPlugin.Templates.Store;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Storage;

/// <summary>What the stores beside the queue promise, whatever database is below. A database joins by deriving from this.</summary>
public abstract class StoreContract : IAsyncLifetime
{
    static readonly CancellationToken Never = CancellationToken.None;

    readonly ManualClock _clock = new();
    IDatabase _database = null!;

    internal abstract Task<IDatabase> OpenAsync();

    internal abstract Task CloseAsync(IDatabase database);

    public async Task InitializeAsync() => _database = await OpenAsync();

    public Task DisposeAsync() => CloseAsync(_database);

    [ContractFact]
    public async Task A_settings_version_follows_the_newest_or_is_not_kept()
    {
        var store = new SettingsStore(_database);

        Assert.Null(await store.LoadAsync(Never));
        Assert.False(await store.SaveAsync(Version(2), Never));
        Assert.True(await store.SaveAsync(Version(1), Never));
        Assert.False(await store.SaveAsync(Version(1), Never));
        Assert.True(await store.SaveAsync(Version(2), Never));
        Assert.False(await store.SaveAsync(Version(4), Never));
        Assert.Equal(2, (await store.LoadAsync(Never))!.Version);

        MailPlugin.Settings.Store.StoredSettings Version(int number) => new(number, _clock.GetUtcNow(), "key:ops", "{}", [1, 2]);
    }

    [ContractFact]
    public async Task A_template_version_follows_the_one_it_was_made_from_or_is_not_kept()
    {
        var store = new TemplateStore(_database);

        Assert.Empty(await store.LoadAsync(Never));
        Assert.Null(await SaveAsync("alert", "en", "{}", 1));
        Assert.Equal(1, await SaveAsync("alert", "en", "{\"a\":1}", 0));
        Assert.Null(await SaveAsync("alert", "en", "{}", 0));
        Assert.Equal(2, await SaveAsync("alert", "zh-CN", "{\"b\":1}", 0));
        Assert.Equal(1, await SaveAsync("other", "en", "{}", 0));
        Assert.Equal(3, await SaveAsync("alert", "en", null, 1));
        Assert.Null(await SaveAsync("alert", "en", "{}", 3));
        Assert.Equal(4, await SaveAsync("alert", "en", "{\"c\":1}", 0));

        Assert.Equal(["alert en 4 {\"c\":1}", "alert zh-CN 2 {\"b\":1}", "other en 1 {}"], (await store.LoadAsync(Never)).Select(Show).Order(StringComparer.Ordinal));
        Assert.Equal(["alert en 4 {\"c\":1}", "alert en 3 ", "alert zh-CN 2 {\"b\":1}"], (await store.ListAsync("alert", null, null, 3, Never)).Select(Show));
        Assert.Equal(["alert en 1 {\"a\":1}"], (await store.ListAsync("alert", "en", 3, 10, Never)).Select(Show));
        var third = (await store.FindAsync("alert", 3, Never))!;
        Assert.Equal((TemplateAct.Reset, _clock.GetUtcNow(), "key:ops"), (third.Act, third.UpdatedAt, third.UpdatedBy));
        Assert.Equal(1, (await store.FindBeforeAsync(third, Never))!.Number);
        Assert.Null(await store.FindAsync("alert", 5, Never));

        async Task<int?> SaveAsync(string name, string locale, string? document, int basedOn) => (await store.SaveAsync(
            new(name, locale, 0, _clock.GetUtcNow(), "key:ops", document is null ? TemplateAct.Reset : TemplateAct.Saved, document), basedOn, Never))?.Number;

        static string Show(TemplateVersion version) => $"{version.Name} {version.Locale} {version.Number} {version.Document}";
    }

    [ContractFact]
    public async Task Of_a_template_the_newest_200_versions_are_kept()
    {
        var store = new TemplateStore(_database);
        for (var number = 0; number < 205; number++)
        {
            Assert.NotNull(await store.SaveAsync(new("alert", "en", 0, _clock.GetUtcNow(), "key:ops", default, "{}"), number, Never));
        }

        Assert.NotNull(await store.SaveAsync(new("alert", "de", 0, _clock.GetUtcNow(), "key:ops", default, "{}"), 0, Never));
        var kept = await store.ListAsync("alert", "en", null, 1_000, Never);
        Assert.Equal((200, 205, 6), (kept.Count, kept[0].Number, kept[^1].Number));
    }

    [ContractFact]
    public async Task Template_options_follow_the_version_they_were_made_from()
    {
        var store = new TemplateStore(_database);

        Assert.False(await SaveAsync(2, 1));
        Assert.True(await SaveAsync(1, 0));
        Assert.False(await SaveAsync(1, 0));
        Assert.True(await SaveAsync(2, 1));
        Assert.Equal(2, Assert.Single(await store.LoadOptionsAsync(Never)).Version);

        Task<bool> SaveAsync(int version, int basedOn) => store.SaveOptionsAsync(new("alert", version, _clock.GetUtcNow(), "key:ops", "{}"), basedOn, Never);
    }

    [ContractFact]
    public async Task Diagnoses_are_kept_by_age_and_number()
    {
        var store = new DiagnosisStore(_database);
        var now = _clock.GetUtcNow();
        for (var number = 0; number < 7; number++)
        {
            var verdict = new Verdict(StepOutcome.Failed, "unknown", new("a", "b"), Confidence.Low, [new("c", "d")]) { Fix = new("path", new JsonObject { ["x"] = 1 }) };
            await store.AddAsync(new($"d_{number}", now.AddHours(number), "primary", false, [new("connect", "there", StepOutcome.Ok, 3, new("e", "f"))], verdict), now.AddHours(1), most: 4, Never);
        }

        // Before the time: gone. Beyond the number: the oldest.
        var kept = new List<string>();
        for (var number = 0; number < 7; number++)
        {
            kept.AddRange(await store.FindAsync($"d_{number}", Never) is { } found ? [found.Id] : []);
        }

        Assert.Equal(["d_3", "d_4", "d_5", "d_6"], kept);
        var last = (await store.FindAsync("d_6", Never))!;
        Assert.Equal((new("e", "f"), "path", """{"x":1}"""), (last.Steps[0].Detail, last.Verdict!.Fix!.Path, last.Verdict.Fix.Value.ToJsonString()));
    }

    [ContractFact]
    public async Task State_is_replaced_by_name()
    {
        var store = new QueueState(_database);
        await store.WriteAsync("debug", "one", Never);
        await store.WriteAsync("debug", "two", Never);
        await store.WriteAsync("other", "three", Never);

        Assert.Equal("two", await store.ReadAsync("debug", Never));
        Assert.Null(await store.ReadAsync("Debug", Never));
    }

    [ContractFact]
    public async Task A_look_whether_the_store_can_be_written_leaves_nothing_and_waits_for_no_other()
    {
        var store = new QueueState(_database);
        var before = await _database.ReadAsync(connection => Convert.ToInt64(connection.Prepared("select count(*) from state").ExecuteScalar(), null), Never);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.ProbeAsync(Never)));

        Assert.Equal(before, await _database.ReadAsync(connection => Convert.ToInt64(connection.Prepared("select count(*) from state").ExecuteScalar(), null), Never));
    }

    [ContractFact]
    public async Task Kinds_of_unknown_replies_are_added_up_and_only_the_last_seen_are_kept()
    {
        var store = new UnmatchedStore(_database);
        for (var number = 0; number < 12; number++)
        {
            await store.AddAsync([Unmatched($"u_{number}", 1), Unmatched("u_again", 2)], 10, Never);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var first = await store.ListAsync(null, null, 4, Never);
        var rest = await store.ListAsync(first[^1].LastSeen, first[^1].Id, 100, Never);

        Assert.Equal(["u_again", "u_11", "u_10", "u_9"], first.Select(reply => reply.Id));
        Assert.Equal(["u_8", "u_7", "u_6", "u_5", "u_4", "u_3"], rest.Select(reply => reply.Id));
        Assert.Equal((24, TimeSpan.FromSeconds(11)), (first[0].Count, first[0].LastSeen - first[0].FirstSeen));

        UnmatchedReply Unmatched(string id, long count) => new(id, "550 … is on hold", count, _clock.GetUtcNow(), _clock.GetUtcNow(), "primary", "m_1");
    }

    [ContractFact]
    public async Task The_audit_log_is_read_from_its_end_and_each_entry_once()
    {
        var audit = new AuditLog(_database, _clock);
        for (var number = 0; number < 25; number++)
        {
            await audit.WriteAsync("key:ops", $"act {number}", null, "a\nb", Never);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var read = new List<string>();
        long? before = null;
        while (await audit.ListAsync(before, 10, Never) is { Count: > 0 } page)
        {
            read.AddRange(page.Select(entry => entry.Action));
            before = page[^1].Id;
        }

        Assert.Equal(Enumerable.Range(0, 25).Reverse().Select(number => $"act {number}"), read);
    }

    [ContractFact]
    public async Task A_caller_that_hangs_up_does_not_keep_its_act_out_of_the_audit_log()
    {
        var audit = new AuditLog(_database, _clock);
        await audit.WriteAsync("key:ops", "key revoked", "k_1", null, new CancellationToken(canceled: true));

        Assert.Single(await audit.ListAsync(null, 10, Never));
    }

    [ContractFact]
    public async Task A_transcript_comes_back_as_it_was()
    {
        var store = new TranscriptStore(_database);
        var transcript = NewTranscript("t_1", "primary", "m_1") with
        {
            Truncated = true,
            Lines = [new(_clock.GetUtcNow(), 1.5, TranscriptSpeaker.Server, "220 ✉ \\x1b[2J", false), new(_clock.GetUtcNow(), 2, TranscriptSpeaker.Client, "EHLO x", true)],
        };
        await store.AddAsync(transcript, Never);

        var kept = (await store.FindAsync("t_1", Never))!;
        Assert.Equal(transcript.Lines, kept.Lines);
        Assert.Equal(transcript with { Lines = kept.Lines }, kept);
        Assert.Null(await store.FindAsync("t_2", Never));
    }

    [ContractFact]
    public async Task Transcripts_are_listed_newest_first_and_each_once_even_with_equal_times()
    {
        var store = new TranscriptStore(_database);
        for (var number = 0; number < 30; number++)
        {
            await store.AddAsync(NewTranscript($"t_{number:00}", number % 2 == 0 ? "even" : "odd", number % 3 == 0 ? "m_3" : null), Never);
            _clock.Advance(TimeSpan.FromMilliseconds(number % 4 == 0 ? 1 : 0));
        }

        Assert.Equal(Enumerable.Range(0, 30).Reverse().Select(Id), await AllAsync(store, null, null));
        Assert.Equal(Enumerable.Range(0, 30).Reverse().Where(number => number % 2 == 1).Select(Id), await AllAsync(store, null, "odd"));
        Assert.Equal(Enumerable.Range(0, 30).Reverse().Where(number => number % 6 == 0).Select(Id), await AllAsync(store, "m_3", "even"));
        Assert.Empty(await AllAsync(store, "m_4", null));

        static string Id(int number) => $"t_{number:00}";
    }

    [ContractFact]
    public async Task Old_transcripts_go_in_steps_and_then_the_oldest_beyond_the_size()
    {
        var store = new TranscriptStore(_database);
        for (var number = 0; number < 500; number++)
        {
            await store.AddAsync(NewTranscript($"t_{number:000}", "primary", null), Never);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var border = _clock.GetUtcNow().AddSeconds(-100);
        foreach (var removed in new[] { 200, 200, 0 })
        {
            Assert.Equal(removed, await Trim(border, long.MaxValue));
        }

        Assert.Equal(100, (await AllAsync(store, null, null)).Count);

        Assert.Equal(100, await Trim(DateTimeOffset.UnixEpoch, 0));

        for (var number = 0; number < 3; number++)
        {
            await store.AddAsync(NewTranscript($"u_{number}", "primary", null), Never);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        var bytes = await _database.ReadAsync(connection => Dapper.SqlMapper.ExecuteScalar<long>(connection, "select max(bytes) from transcripts"), Never);
        Assert.Equal(1, await Trim(DateTimeOffset.UnixEpoch, (bytes * 2) + 1));
        Assert.Equal(["u_2", "u_1"], await AllAsync(store, null, null));

        Task<int> Trim(DateTimeOffset olderThan, long maxBytes) => store.TrimAsync(olderThan, maxBytes, Never);
    }

    [ContractFact]
    public async Task All_transcripts_go_when_they_are_deleted()
    {
        var store = new TranscriptStore(_database);
        await store.AddAsync(NewTranscript("t_1", "primary", null), Never);

        Assert.Equal(1, await store.ClearAsync(Never));
        Assert.Empty(await AllAsync(store, null, null));
    }

    static async Task<List<string>> AllAsync(TranscriptStore store, string? message, string? transport)
    {
        var all = new List<string>();
        (DateTimeOffset? Time, string? Id) before = default;
        while (await store.ListAsync(new(message, transport, before.Time, before.Id, 7), Never) is { Count: > 0 } page)
        {
            all.AddRange(page.Select(item => item.Id));
            before = (page[^1].At, page[^1].Id);
        }

        return all;
    }

    Transcript NewTranscript(string id, string transport, string? message) => new()
    {
        Id = id,
        At = _clock.GetUtcNow(),
        Transport = transport,
        Message = message,
        Outcome = "ok",
        Lines = [new(_clock.GetUtcNow(), 0, TranscriptSpeaker.Server, "220 hello", false)],
    };
}

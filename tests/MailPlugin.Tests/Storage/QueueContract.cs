using MailPlugin.Abstractions;
using MailPlugin.Queue;
using MailPlugin.Storage;
using MailPlugin.Storage.Queue;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Storage;

/// <summary>What every store of the queue promises, whatever database is below. A database joins by deriving from this.</summary>
public abstract class QueueContract : IAsyncLifetime
{
    private protected static readonly DateTimeOffset Now = Some.Time;

    long _token;
    IDatabase _database = null!;
    OutboxStore _outbox = null!;
    DeliveryStore _delivery = null!;
    MessageReader _reader = null!;
    MessageActs _acts = null!;

    internal abstract Task<IDatabase> OpenAsync();

    internal abstract Task CloseAsync(IDatabase database);

    public async Task InitializeAsync()
    {
        _database = await OpenAsync();
        (_outbox, _delivery, _reader, _acts) = (new(_database), new(_database), new(_database), new(_database));
    }

    public Task DisposeAsync() => CloseAsync(_database);

    [ContractFact]
    public async Task What_is_stored_is_claimed_whole()
    {
        var message = Some.Message(Now, "b@example.org", "ü@example.org") with
        {
            Source = "billing",
            Transport = "primary",
            EnvelopeFrom = "",
            FromIsDefault = true,
            NeedsSmtpUtf8 = true,
            From = new("a@example.com", "Ä"),
            Dsn = new(["success", "failure"], "headers", "e1"),
            HeldBase = TimeSpan.FromSeconds(7),
        };
        await StoreAsync(message);

        var claimed = Assert.Single((await ClaimAsync(Now)).Messages);

        Assert.Equal((message.Id, message.MessageId, "billing", "primary", ""), (claimed.Id, claimed.MessageId, claimed.Source, claimed.Transport, claimed.EnvelopeFrom));
        Assert.Equal((message.From, true, true, message.HeldBase, message.Size), (claimed.From, claimed.FromIsDefault, claimed.NeedsSmtpUtf8, claimed.HeldBase, claimed.Size));
        Assert.Equal((message.CreatedAt, message.ExpiresAt, 0), (claimed.CreatedAt, claimed.ExpiresAt, claimed.Tries));
        Assert.Equal(message.Recipients, claimed.Recipients);
        Assert.Equal(message.Dsn.Notify, claimed.Dsn!.Notify);
        var content = await _delivery.ReadContentAsync(new(claimed.Key, claimed.Lease.Token), default);
        Assert.Equal(message.Header.ToArray(), content!.Header.ToArray());
        Assert.Equal(message.Body.ToArray(), content.Body.ToArray());
    }

    [ContractFact]
    public async Task What_is_small_comes_along_with_its_claim_where_asking_for_it_costs_a_round_trip()
    {
        var (small, large) = (Some.Message(Now), Some.Message(Now) with { Body = new byte[40 * 1024] });
        await StoreAsync(small, large);

        var claimed = await ClaimAsync(Now);

        Assert.Equal(2, claimed.Messages.Count);
        if (!_database.Dialect.IsShared)
        {
            Assert.Empty(claimed.Contents);
            return;
        }

        var (key, content) = Assert.Single(claimed.Contents);
        Assert.Equal(small.Id, claimed.Messages.Single(message => message.Key == key).Id);
        Assert.Equal(small.Header.ToArray(), content.Header.ToArray());
        Assert.Equal(small.Body.ToArray(), content.Body.ToArray());
    }

    [ContractFact]
    public async Task A_Message_ID_is_given_back_as_it_was_whether_it_follows_from_the_row_or_not()
    {
        foreach (var domain in new[] { "example.com", "other.example" })
        {
            var message = Some.Message(Now);
            message = message with { MessageId = MessageIdentity.Header(message.Id, domain) };
            await StoreAsync(message);

            Assert.Equal(message.MessageId, Assert.Single((await ClaimAsync(Now)).Messages).MessageId);
            Assert.Equal(message.MessageId, (await FindAsync(message.Id)).MessageId);
        }
    }

    [ContractFact]
    public async Task A_claimed_message_is_not_claimed_again_before_its_lease_ends()
    {
        await StoreAsync(Some.Message(Now));
        Assert.Single((await ClaimAsync(Now)).Messages);

        Assert.Empty((await ClaimAsync(Now.AddMinutes(4))).Messages);

        Assert.Single((await ClaimAsync(Now.AddMinutes(6))).Messages);
    }

    [ContractFact]
    public async Task Whoever_lost_the_lease_writes_nothing()
    {
        var message = Some.Message(Now);
        await StoreAsync(message);
        var first = Assert.Single((await ClaimAsync(Now)).Messages);
        var second = Assert.Single((await ClaimAsync(Now.AddMinutes(6))).Messages);

        var late = await _delivery.RecordAsync([Accepted(first)], default);
        Assert.Equal([null], late);
        Assert.Equal(MessageStatus.Sending, (await FindAsync(message.Id)).Status);

        Assert.Equal([MessageStatus.Sent], await _delivery.RecordAsync([Accepted(second)], default));
        Assert.Equal(MessageStatus.Sent, (await FindAsync(message.Id)).Status);
    }

    [ContractFact]
    public async Task An_extended_lease_holds_longer_and_only_for_its_holder()
    {
        await StoreAsync(Some.Message(Now));
        var claimed = Assert.Single((await ClaimAsync(Now)).Messages);

        await _delivery.ExtendAsync([new(claimed.Key, claimed.Lease.Token)], Now, TimeSpan.FromHours(1), default);
        await _delivery.ExtendAsync([new(claimed.Key, claimed.Lease.Token + 1)], Now, TimeSpan.FromHours(2), default);

        Assert.Empty((await ClaimAsync(Now.AddMinutes(59))).Messages);
        Assert.Single((await ClaimAsync(Now.AddMinutes(61))).Messages);
    }

    [ContractFact]
    public async Task Freed_leases_are_due_at_once()
    {
        await StoreAsync(Some.Message(Now), Some.Message(Now) with { NotBefore = Now.AddHours(1) });
        await ClaimAsync(Now);

        // Where others may be at work a start frees nothing of theirs.
        var freed = _database.Dialect.IsShared ? 0 : 1;
        Assert.Equal(freed, await _delivery.FreeLeasesAsync(Now, default));

        Assert.Equal(freed, (await ClaimAsync(Now)).Messages.Count);
    }

    [ContractFact]
    public async Task A_clock_that_was_set_back_makes_no_wait_longer()
    {
        var retried = Some.Message(Now);
        var fresh = Some.Message(Now);
        var later = Some.Message(Now) with { NotBefore = Now.AddHours(1) };
        await StoreAsync(retried);
        await DeferAsync(Now.AddMinutes(5));
        await StoreAsync(fresh, later);

        var change = new ClockChange(Now.AddHours(-10), TimeSpan.FromHours(10), TimeSpan.FromHours(4));
        Assert.Equal(2, await _delivery.FollowClockAsync(change, default));

        Assert.Equal(fresh.Id, Assert.Single((await ClaimAsync(change.Now)).Messages).Id);
        Assert.Equal(change.Now.AddMinutes(5), (await FindAsync(retried.Id)).NextAttemptAt);
        Assert.Equal(Now.AddHours(1), (await FindAsync(later.Id)).NextAttemptAt);
    }

    [ContractFact]
    public async Task After_a_clock_was_set_back_unseen_nothing_deferred_waits_longer_than_any_wait()
    {
        var message = Some.Message(Now);
        await StoreAsync(message);
        await DeferAsync(Now.AddMinutes(5));

        var change = new ClockChange(Now.AddDays(-30), TimeSpan.Zero, TimeSpan.FromHours(4));
        Assert.Equal(1, await _delivery.FollowClockAsync(change, default));
        Assert.Equal(0, await _delivery.FollowClockAsync(change, default));

        Assert.Equal(change.Now.AddHours(4), (await FindAsync(message.Id)).NextAttemptAt);
    }

    [ContractFact]
    public async Task Nothing_is_claimed_before_its_time_and_the_next_time_is_told()
    {
        await StoreAsync(Some.Message(Now) with { NotBefore = Now.AddHours(1) });

        var early = await ClaimAsync(Now);
        Assert.Empty(early.Messages);
        Assert.Equal(Now.AddHours(1), early.NextDue);

        Assert.Single((await ClaimAsync(Now.AddHours(1))).Messages);
    }

    [ContractFact]
    public async Task Lanes_have_their_shares_and_take_what_others_leave()
    {
        foreach (var priority in new[] { MailPriority.High, MailPriority.Normal, MailPriority.Bulk })
        {
            await StoreAsync([.. Enumerable.Range(0, 20).Select(_ => Some.Message(Now) with { Priority = priority })]);
        }

        var first = (await ClaimAsync(Now, total: 10, shares: [7, 2, 1])).Messages;
        Assert.Equal([7, 2, 1], Enumerable.Range(0, 3).Select(lane => first.Count(message => message.Lane == lane)));

        var rest = (await ClaimAsync(Now, total: 40, shares: [28, 8, 4])).Messages;
        Assert.Equal(40, rest.Count);
        Assert.Equal(13, rest.Count(message => message.Lane == Lane.High));
    }

    [ContractFact]
    public async Task Sources_take_turns_however_much_one_of_them_has()
    {
        await StoreAsync([.. Enumerable.Range(0, 50).Select(_ => Some.Message(Now) with { Source = "loud" })]);
        await StoreAsync(Some.Message(Now.AddSeconds(1)) with { Source = "quiet" }, Some.Message(Now.AddSeconds(1)) with { Source = "still" });

        var claimed = (await ClaimAsync(Now.AddSeconds(1), total: 6)).Messages;

        Assert.Equal([("loud", 4), ("quiet", 1), ("still", 1)], claimed.GroupBy(message => message.Source).Select(group => (group.Key, group.Count())).Order());
    }

    [ContractFact]
    public async Task A_source_has_no_more_in_flight_than_its_cap()
    {
        await StoreAsync([.. Enumerable.Range(0, 20).Select(_ => Some.Message(Now) with { Source = "loud" })]);
        await StoreAsync(Some.Message(Now) with { Source = "quiet" });

        var claimed = (await ClaimAsync(Now, total: 15, roomOf: source => source == "loud" ? 3 : 100)).Messages;

        Assert.Equal((3, 1), (claimed.Count(message => message.Source == "loud"), claimed.Count(message => message.Source == "quiet")));
    }

    [ContractFact]
    public async Task Many_sources_that_have_nothing_due_keep_no_other_from_its_turn()
    {
        await StoreAsync([.. Enumerable.Range(0, 200).Select(number => Some.Message(Now) with { Source = $"a{number}", NotBefore = Now.AddDays(30) })]);
        await StoreAsync(Some.Message(Now) with { Source = "b" });

        Assert.Equal("b", Assert.Single((await ClaimAsync(Now)).Messages).Source);

        await StoreAsync(Some.Message(Now) with { Source = "a" }, Some.Message(Now) with { Source = "c" });
        Assert.Equal(["a", "c"], (await ClaimAsync(Now)).Messages.Select(message => message.Source).Order());

        // Nothing is nearer than the leases of these three.
        Assert.Equal(Now.AddMinutes(5), (await ClaimAsync(Now)).NextDue);
    }

    [ContractFact]
    public async Task Sources_whose_transport_is_closed_keep_no_other_from_its_turn_and_what_one_claim_does_not_reach_the_next_does()
    {
        await StoreAsync([.. Enumerable.Range(0, 1_100).Select(number => Some.Message(Now) with { Source = $"a{number}", Transport = "down" })]);
        await StoreAsync(Some.Message(Now) with { Source = "b" });

        var first = await ClaimAsync(Now, roomAt: transport => transport != "down" ? 1_000 : 0);
        Assert.Empty(first.Messages);
        Assert.InRange(first.NextDue!.Value, Now, Now.AddSeconds(1));

        Assert.Equal("b", Assert.Single((await ClaimAsync(Now, roomAt: transport => transport != "down" ? 1_000 : 0)).Messages).Source);
    }

    [ContractFact]
    public async Task More_sources_than_there_is_room_for_have_their_turns_one_after_the_other()
    {
        await StoreAsync([.. Enumerable.Range(0, 30).Select(number => Some.Message(Now) with { Source = $"s{number % 10}" })]);

        var claims = new List<string>();
        for (var claim = 0; claim < 5; claim++)
        {
            claims.AddRange((await ClaimAsync(Now, total: 4)).Messages.Select(message => message.Source));
        }

        Assert.All(claims.Chunk(10), turn => Assert.Equal(10, turn.Distinct().Count()));
    }

    [ContractFact]
    public async Task What_is_bound_to_a_closed_transport_is_stepped_over()
    {
        await StoreAsync([.. Enumerable.Range(0, 30).Select(_ => Some.Message(Now) with { Transport = "down" })]);
        await StoreAsync(Some.Message(Now));

        var claimed = (await ClaimAsync(Now, total: 10, roomAt: transport => transport != "down" ? 1_000 : 0)).Messages;

        Assert.Equal("", Assert.Single(claimed).Transport);
    }

    [ContractFact]
    public async Task No_more_is_taken_for_a_transport_than_it_has_room_for()
    {
        await StoreAsync([.. Enumerable.Range(0, 30).Select(number => Some.Message(Now) with { Source = $"s{number % 3}" }), .. Enumerable.Range(0, 30).Select(_ => Some.Message(Now) with { Transport = "other" })]);

        var claimed = (await ClaimAsync(Now, total: 50, roomAt: transport => transport.Length == 0 ? 4 : 100)).Messages;

        Assert.Equal((4, 30), (claimed.Count(message => message.Transport.Length == 0), claimed.Count(message => message.Transport == "other")));
    }

    [ContractFact]
    public async Task Contents_that_are_asked_for_at_once_come_each_to_whoever_holds_its_message()
    {
        await StoreAsync([.. Enumerable.Range(0, 100).Select(number => Some.Message(Now) with { Body = new byte[number], Subject = $"{number}" })]);
        var claimed = (await ClaimAsync(Now)).Messages;
        var held = claimed.Select((message, place) => new HeldMessage(message.Key, message.Lease.Token + (place == 50 ? 1 : 0))).Append(new(long.MaxValue, 1)).ToList();

        var readings = held.Select(message => Task.Run(() => _delivery.ReadContentAsync(message, default))).ToList();

        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => readings[50]);
        Assert.Null(await readings[100]);
        foreach (var place in Enumerable.Range(0, 100).Except([50]))
        {
            Assert.Equal(claimed[place].Size, (await readings[place])!.Header.Length + 2 + (await readings[place])!.Body.Length);
        }
    }

    [ContractFact]
    public async Task Each_recipient_has_its_own_outcome_and_what_is_open_comes_back()
    {
        var message = Some.Message(Now, "a@x.example", "b@x.example", "c@x.example");
        await StoreAsync(message);
        var claimed = Assert.Single((await ClaimAsync(Now)).Messages);

        var status = await _delivery.RecordAsync(
            [
                new(claimed.Key, claimed.Lease.Token)
                {
                    Changes = [new(0, RecipientState.Accepted, "250 ok", "p"), new(1, RecipientState.Failed, "550 no", "p"), new(2, RecipientState.Deferred, "450 later", "p")],
                    Attempts = [new(Now, "p", AttemptOutcome.Partial, "550 no", 12, "t1", "first in order")],
                    Due = Now.AddMinutes(5),
                    Tries = 1,
                    At = Now,
                },
            ],
            default);

        Assert.Equal([MessageStatus.Deferred], status);
        var found = await FindAsync(message.Id);
        Assert.Equal([RecipientState.Accepted, RecipientState.Failed, RecipientState.Deferred], found.Recipients.Select(recipient => recipient.State));
        Assert.Equal((Now.AddMinutes(5), "p"), (found.NextAttemptAt, found.LastTransport));
        Assert.Equal(new Attempt(Now, "p", AttemptOutcome.Partial, "550 no", 12, "t1", "first in order"), Assert.Single(found.Attempts));
        Assert.Empty((await ClaimAsync(Now.AddMinutes(4))).Messages);
        var again = Assert.Single((await ClaimAsync(Now.AddMinutes(5))).Messages);
        Assert.Equal((1, RecipientState.Accepted), (again.Tries, again.Recipients[0].State));
    }

    [ContractFact]
    public async Task Of_many_attempts_the_latest_are_kept()
    {
        const int Kept = 100;
        var message = Some.Message(Now);
        await StoreAsync(message);
        var claimed = Assert.Single((await ClaimAsync(Now)).Messages);
        Attempt Numbered(int number) => new(Now.AddSeconds(number), "p", AttemptOutcome.Deferred, $"451 {number}", 12, null, "first in order");

        await RecordAsync([.. Enumerable.Range(0, Kept).Select(Numbered)]);
        Assert.Equal(Kept, (await FindAsync(message.Id)).Attempts.Count);
        await RecordAsync(Numbered(Kept), Numbered(Kept + 1));

        Assert.Equal(Enumerable.Range(2, Kept).Select(number => $"451 {number}"), (await FindAsync(message.Id)).Attempts.Select(attempt => attempt.Reply));

        Task RecordAsync(params Attempt[] attempts) => _delivery.RecordAsync([new(claimed.Key, claimed.Lease.Token) { Attempts = attempts, At = Now }], default);
    }

    [ContractFact]
    public async Task A_finished_recipient_is_never_changed_again()
    {
        var message = Some.Message(Now, "a@x.example", "b@x.example");
        await StoreAsync(message);
        var claimed = Assert.Single((await ClaimAsync(Now)).Messages);
        await _delivery.RecordAsync([new(claimed.Key, claimed.Lease.Token) { Changes = [new(0, RecipientState.Accepted, "250 ok", "p")], At = Now }], default);

        await _delivery.RecordAsync(
            [new(claimed.Key, claimed.Lease.Token) { Changes = [new(0, RecipientState.Failed, "late", "p"), new(1, RecipientState.Accepted, "250 ok", "p")], Due = Now, At = Now }], default);

        Assert.Equal(MessageStatus.Sent, (await FindAsync(message.Id)).Status);
    }

    [ContractFact]
    public async Task A_batch_is_stored_whole_or_not_at_all_when_the_quota_ends()
    {
        await StoreAsync(Some.Message(Now), Some.Message(Now));

        var answers = await _outbox.EnqueueAsync([Some.Message(Now), Some.Message(Now)], new(3, long.MaxValue), default);
        var bytes = await _outbox.EnqueueAsync([Some.Message(Now)], new(100, 10), default);

        Assert.All(answers.Concat(bytes), answer => Assert.Equal(EnqueueResult.QueueFull, answer.Result));
        Assert.Equal(2, (await ListAsync()).Items.Count);
    }

    [ContractFact]
    public async Task Finished_messages_do_not_count_against_the_quota()
    {
        await StoreAsync(Some.Message(Now));
        await _delivery.RecordAsync([Accepted(Assert.Single((await ClaimAsync(Now)).Messages))], default);

        var answers = await _outbox.EnqueueAsync([Some.Message(Now)], new(1, long.MaxValue), default);

        Assert.Equal(EnqueueResult.Stored, answers[0].Result);
    }

    [ContractFact]
    public async Task Twins_in_one_batch_are_one_message()
    {
        var mark = new IdempotencyMark("key:1", "k", new byte[] { 1 });

        var answers = await _outbox.EnqueueAsync(
            [Some.Message(Now) with { Idempotency = mark }, Some.Message(Now) with { Idempotency = mark }, Some.Message(Now) with { Idempotency = mark with { Hash = new byte[] { 2 } } }],
            QueueQuota.None, default);

        Assert.Equal([EnqueueResult.Stored, EnqueueResult.Replayed, EnqueueResult.Conflict], answers.Select(answer => answer.Result));
        Assert.Equal(answers[0].Id, answers[1].Id);
        Assert.Single((await ListAsync()).Items);
    }

    [ContractFact]
    public async Task A_mark_is_kept_for_a_day_and_goes_then()
    {
        var mark = new IdempotencyMark("key:1", "k", new byte[] { 1 });
        await StoreAsync(Some.Message(Now) with { Idempotency = mark });
        var retention = new QueueRetention(_database);

        Assert.Equal(0, await retention.TidyAsync(Now.AddHours(23.9), default));
        Assert.Equal(EnqueueResult.Replayed, (await _outbox.FindAnswerAsync(mark, Now.AddHours(23.9), default))!.Result);
        Assert.Equal(1, await retention.TidyAsync(Now.AddHours(24.1), default));

        Assert.Null(await _outbox.FindAnswerAsync(mark, Now, default));
    }

    [ContractFact]
    public async Task A_suppression_holds_in_every_spelling_and_for_every_kind_of_recipient_until_it_ends()
    {
        await new SuppressionStore(_database).PutAsync(new("Gone@X.example", "left", "admin", Now, Now.AddDays(1)), default);
        NewMessage Copied(DateTimeOffset at) => Some.Message(at) with
        {
            Recipients = [new("b@example.org", RecipientKind.To), new("gone@x.example", RecipientKind.Cc), new("GONE@x.example", RecipientKind.Bcc)],
        };
        var (during, after) = (Copied(Now), Copied(Now.AddDays(2)));

        await StoreAsync(during);
        await StoreAsync(after);

        Assert.Equal([RecipientState.Pending, RecipientState.Suppressed, RecipientState.Suppressed], (await FindAsync(during.Id)).Recipients.Select(recipient => recipient.State));
        Assert.All((await FindAsync(after.Id)).Recipients, recipient => Assert.Equal(RecipientState.Pending, recipient.State));
    }

    [ContractFact]
    public async Task A_cancel_under_a_lease_is_carried_out_by_the_outcome()
    {
        var message = Some.Message(Now);
        await StoreAsync(message);
        var claimed = Assert.Single((await ClaimAsync(Now)).Messages);

        Assert.Equal(ActResult.Requested, await _acts.CancelAsync(message.Id, Now, default));
        await _delivery.RecordAsync([new(claimed.Key, claimed.Lease.Token) { Changes = [new(0, RecipientState.Deferred, "450 later", "p")], Due = Now, At = Now }], default);

        Assert.Equal(MessageStatus.Canceled, (await FindAsync(message.Id)).Status);
        Assert.Empty((await ClaimAsync(Now.AddDays(1))).Messages);
    }

    [ContractFact]
    public async Task A_retry_takes_back_a_cancel_that_came_too_late()
    {
        var message = Some.Message(Now);
        await StoreAsync(message);
        var claimed = Assert.Single((await ClaimAsync(Now)).Messages);
        await _acts.CancelAsync(message.Id, Now, default);
        await _delivery.RecordAsync([new(claimed.Key, claimed.Lease.Token) { Changes = [new(0, RecipientState.Failed, "550 no", "p")], Due = Now, At = Now }], default);

        Assert.Equal(ActResult.Done, await _acts.RetryAsync(message.Id, new(Now, Now.AddDays(5), _ => TimeSpan.Zero), default));
        await DeferAsync(Now);

        Assert.Equal(MessageStatus.Deferred, (await FindAsync(message.Id)).Status);
    }

    [ContractFact]
    public async Task A_cancel_outlives_the_lease_that_it_waited_for()
    {
        var message = Some.Message(Now);
        await StoreAsync(message);
        Assert.False(Assert.Single((await ClaimAsync(Now)).Messages).CancelRequested);
        await _acts.CancelAsync(message.Id, Now, default);

        var again = Assert.Single((await ClaimAsync(Now.AddMinutes(6))).Messages);
        Assert.True(again.CancelRequested);

        Assert.Equal([MessageStatus.Canceled], await _delivery.RecordAsync([new(again.Key, again.Lease.Token) { Due = Now, At = Now }], default));
    }

    [ContractFact]
    public async Task What_nobody_attempted_is_counted_like_what_was()
    {
        var suppressed = new SuppressionStore(_database);
        await suppressed.PutAsync(new("gone@example.org", "no such user", "relay", Now, null), default);
        var (canceled, sending, erased) = (Some.Message(Now, "b@example.org", "c@example.org"), Some.Message(Now) with { Transport = "slow" }, Some.Message(Now, "anna@example.org"));
        await StoreAsync(canceled, sending, erased, Some.Message(Now, "gone@example.org", "d@example.org") with { Transport = "down" });
        await _acts.CancelAsync(canceled.Id, Now, default);
        await _acts.EraseAsync("anna@example.org", Now, default);
        var claimed = Assert.Single((await ClaimAsync(Now, roomAt: transport => transport == "slow" ? 1 : 0)).Messages);
        await _acts.CancelAsync(sending.Id, Now, default);
        await _delivery.RecordAsync([new(claimed.Key, claimed.Lease.Token) { Due = Now, At = Now }], default);

        var expired = (await _acts.ExpireAsync(_ => true, 0, Now, default)).Expired;

        var (_, recipient) = Assert.Single(Assert.Single(expired).Recipients);
        Assert.Equal(("d@example.org", RecipientState.Expired), (recipient.Address, recipient.State));
        var counted = (await new Statistics(_database).ReadAsync(Now.AddHours(-1), TimeSpan.FromMinutes(1), Now, default)).Outcomes.ToDictionary(outcome => (outcome.Transport, outcome.State), outcome => outcome.Count);
        Assert.Equal(
            new Dictionary<(string, RecipientState), long> { [("", RecipientState.Canceled)] = 4, [("", RecipientState.Expired)] = 1, [("", RecipientState.Suppressed)] = 1 }.OrderBy(pair => pair.Key.Item2),
            counted.OrderBy(pair => pair.Key.State));
    }

    [ContractFact]
    public async Task An_address_is_erased_in_steps()
    {
        var database = new CountedWrites(_database);
        await StoreAsync([.. Enumerable.Range(0, 450).Select(_ => Some.Message(Now, "anna@example.org"))]);

        Assert.Equal(450, await new MessageActs(database).EraseAsync("Anna@example.org", Now, default));

        Assert.True(database.Writes >= 3, $"It took {database.Writes} commits.");
        Assert.Equal(0, await _acts.EraseAsync("anna@example.org", Now, default));
        Assert.All((await ListAsync()).Items, message => Assert.Equal("erased", message.Recipients[0].Address));
    }

    [ContractFact]
    public async Task What_was_erased_under_a_lease_stays_erased()
    {
        var message = Some.Message(Now, "anna@x.example", "b@x.example");
        await StoreAsync(message);
        var claimed = Assert.Single((await ClaimAsync(Now)).Messages);

        await _acts.EraseAsync("Anna@x.example", Now, default);
        await _delivery.RecordAsync([Accepted(claimed)], default);

        var found = await FindAsync(message.Id);
        Assert.Equal(["erased", "b@x.example"], found.Recipients.Select(recipient => recipient.Address));
        Assert.Equal(RecipientState.Canceled, found.Recipients[0].State);
        Assert.False(found.HasContent);
    }

    [ContractFact]
    public async Task Retention_takes_contents_first_then_messages_and_never_what_waits()
    {
        var old = Some.Message(Now, "old@x.example");
        var waiting = Some.Message(Now);
        var young = Some.Message(Now.AddDays(5));
        await StoreAsync(old);
        await _delivery.RecordAsync([Accepted(Assert.Single((await ClaimAsync(Now)).Messages))], default);
        await StoreAsync(waiting, young);
        var retention = new QueueRetention(_database);

        Assert.Equal(1, await retention.DropContentsAsync(Now.AddDays(1), 10, default));
        Assert.Equal((false, true), ((await FindAsync(old.Id)).HasContent, (await FindAsync(waiting.Id)).HasContent));
        Assert.Equal(["b@example.org", "old@x.example"], await IndexedAsync());
        Assert.Equal(1, await retention.DropMessagesAsync(Now.AddDays(1), 10, default));

        Assert.Null(await _reader.FindAsync(old.Id, default));
        Assert.Equal(2, (await ListAsync()).Items.Count);
        Assert.Equal(["b@example.org"], await IndexedAsync());
        Assert.Equal(2, (await retention.MeasureAsync(default)).Messages);
    }

    [ContractFact]
    public async Task What_is_kept_has_a_size_that_falls_as_contents_go()
    {
        static NewMessage Large() => Some.Message(Now) with { Body = new byte[50_000] };
        await StoreAsync(Large(), Large(), Large(), Large());
        await _delivery.RecordAsync([.. (await ClaimAsync(Now)).Messages.Select(Accepted)], default);
        var retention = new QueueRetention(_database);
        var whole = (await retention.MeasureAsync(default)).Bytes;

        await retention.DropContentsAsync(Now.AddDays(1), 2, default);
        var half = (await retention.MeasureAsync(default)).Bytes;
        await retention.DropMessagesAsync(Now.AddDays(1), 10, default);

        CheckSizes(whole, half, (await retention.MeasureAsync(default)).Bytes, Large().Size);
    }

    /// <param name="whole">Of four finished messages.</param>
    /// <param name="half">When two contents have gone.</param>
    /// <param name="none">When there are no messages.</param>
    /// <param name="one">Bytes of each message.</param>
    protected abstract void CheckSizes(long whole, long half, long none, long one);

    [ContractFact]
    public async Task Old_counts_are_summed_up_and_lose_nothing()
    {
        await StoreAsync(Some.Message(Now), Some.Message(Now));
        await _delivery.RecordAsync([.. (await ClaimAsync(Now)).Messages.Select(Accepted)], default);
        var statistics = new Statistics(_database);
        var later = Now.AddDays(3);

        await new QueueRetention(_database).TidyAsync(later, default);
        await new QueueRetention(_database).TidyAsync(later, default);

        var figures = await statistics.ReadAsync(later.AddDays(-30), TimeSpan.FromDays(1), later, default);
        Assert.Equal(2, Assert.Single(figures.Outcomes).Count);
        Assert.Equal(2, figures.Totals[MessageStatus.Sent]);
        Assert.Equal(0, figures.Totals[MessageStatus.Queued]);
    }

    [ContractFact]
    public async Task What_is_over_ends_without_being_claimed()
    {
        var message = Some.Message(Now) with { Transport = "down" };
        await StoreAsync(message, Some.Message(Now));

        await _acts.ExpireAsync(waiting => waiting.Transport == "down", 0, Now, default);

        Assert.Equal(MessageStatus.Expired, (await FindAsync(message.Id)).Status);
        Assert.Single((await ClaimAsync(Now)).Messages);
    }

    sealed class CountedWrites(IDatabase inner) : IDatabase
    {
        public int Writes { get; private set; }

        public Dialect Dialect => inner.Dialect;

        public Task<T> WriteAsync<T>(Func<System.Data.Common.DbConnection, T> work, CancellationToken cancellationToken)
        {
            Writes++;
            return inner.WriteAsync(work, cancellationToken);
        }

        public Task<T> ReadAsync<T>(Func<System.Data.Common.DbConnection, T> work, CancellationToken cancellationToken) => inner.ReadAsync(work, cancellationToken);
    }

    static MessageOutcome Accepted(ClaimedMessage message) => Some.Accepted(message, Now);

    async Task DeferAsync(DateTimeOffset due)
    {
        var claimed = Assert.Single((await ClaimAsync(Now)).Messages);
        await _delivery.RecordAsync(
            [new(claimed.Key, claimed.Lease.Token) { Changes = [new(0, RecipientState.Deferred, "451 later", "p")], Due = due, Tries = 1, At = Now }], default);
    }

    private protected Task<IReadOnlyList<EnqueueAnswer>> StoreAsync(params NewMessage[] messages) => _outbox.EnqueueAsync(messages, QueueQuota.None, default);

    async Task<MessageRecord> FindAsync(string id) => (await _reader.FindAsync(id, default))!;

    /// <summary>Whom the search by recipient knows.</summary>
    Task<IReadOnlyList<string>> IndexedAsync() => _database.ReadAsync<IReadOnlyList<string>>(
        connection =>
        {
            var addresses = new List<string>();
            using var row = connection.Prepared("select distinct address from message_recipients order by address").ExecuteReader();
            while (row.Read())
            {
                addresses.Add(row.GetString(0));
            }

            return addresses;
        },
        default);

    Task<MessagePage> ListAsync() => _reader.ListAsync(new(), null, 100, default);

    private protected Task<ClaimResult> ClaimAsync(DateTimeOffset now, int total = 100, int[]? shares = null, Func<string, int>? roomAt = null, Func<string, int>? roomOf = null) =>
        _delivery.ClaimAsync(new(now, new(++_token, now.AddMinutes(5)), shares ?? [total, total, total], total, roomAt ?? (_ => 1_000), roomOf ?? (_ => 1_000)), default);
}

using System.Collections.Concurrent;
using MailPlugin.Abstractions;
using MailPlugin.Delivery;
using MailPlugin.Nodes;
using MailPlugin.Queue;
using MailPlugin.Storage;
using MailPlugin.Tests.Support;
using MailPlugin.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Tests.Delivery;

public sealed class DeliveryWorkerTests
{
    [Fact]
    public async Task A_submitted_message_is_sent_and_its_attempt_recorded()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");

        var id = await rig.SubmitAsync("b@example.org", "c@example.org");

        var message = await rig.WaitForAsync(id, MessageStatus.Sent);
        var sent = Assert.Single(transport.Sent);
        Assert.Equal(["b@example.org", "c@example.org"], sent.Recipients);
        Assert.Equal("a@example.com", sent.EnvelopeFrom);
        Assert.Contains("Message-ID: " + message.MessageId, System.Text.Encoding.UTF8.GetString(sent.Header.Span), StringComparison.Ordinal);
        var attempt = Assert.Single(message.Attempts);
        Assert.Equal(("primary", AttemptOutcome.Accepted, "250 2.0.0 Ok: queued", "first in order"), (attempt.Transport, attempt.Outcome, attempt.Reply, attempt.Why));
        Assert.All(message.Recipients, recipient => Assert.Equal((RecipientState.Accepted, "primary"), (recipient.State, recipient.Transport)));
    }

    [Fact]
    public async Task A_refused_recipient_does_not_stop_the_others()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        rig.Settings.Add("primary").Answer = message => Outcome.Each(message, (address, _) => address.StartsWith("bad", StringComparison.Ordinal)
            ? (RecipientVerdict.Refused, TransportStage.Rcpt, "550 5.1.1 no such user")
            : (RecipientVerdict.Accepted, TransportStage.Content, "250 ok"));

        var id = await rig.SubmitAsync("good@example.org", "bad@example.org");

        var message = await rig.WaitForAsync(id, MessageStatus.Partial);
        Assert.Equal([RecipientState.Accepted, RecipientState.Failed], message.Recipients.Select(recipient => recipient.State));
        Assert.Equal("550 5.1.1 no such user", message.Recipients[1].Reply);
        Assert.Equal(AttemptOutcome.Partial, message.Attempts[0].Outcome);
    }

    [Fact]
    public async Task An_address_that_does_not_exist_is_suppressed_and_not_tried_again()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        transport.Answer = message => Outcome.Refused(message, TransportStage.Rcpt, "550 5.1.1 no such user");
        await rig.WaitForAsync(await rig.SubmitAsync("gone@example.org"), MessageStatus.Failed);

        var receipt = await rig.Submission.SubmitAsync(Some.Submission("Gone@example.org"));

        Assert.Equal("suppressed", receipt.Status);
        Assert.Equal(MessageStatus.Suppressed, (await rig.FindAsync(receipt.Id)).Status);
        Assert.Single(transport.Sent);
        rig.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal("queued", (await rig.Submission.SubmitAsync(Some.Submission("gone@example.org"))).Status);
    }

    [Fact]
    public async Task A_transient_refusal_is_tried_again_when_its_time_has_come()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        transport.Answer = message => Outcome.Refused(message, TransportStage.Content, "451 4.3.0 not now");
        var id = await rig.SubmitAsync();
        var deferred = await rig.WaitForAsync(id, MessageStatus.Deferred);
        Assert.InRange(deferred.NextAttemptAt!.Value - rig.Clock.GetUtcNow(), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(6));
        transport.Answer = Outcome.Accepted;

        rig.Advance(TimeSpan.FromMinutes(6.1));

        var sent = await rig.WaitForAsync(id, MessageStatus.Sent);
        Assert.Equal([AttemptOutcome.Deferred, AttemptOutcome.Accepted], sent.Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact]
    public async Task U_10_A_transport_takes_no_more_messages_a_minute_than_its_rate()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var start = rig.Clock.GetUtcNow();
        var taken = new ConcurrentQueue<TimeSpan>();
        rig.Settings.Add("primary", ratePerMinute: 60).Answer = message =>
        {
            taken.Enqueue(rig.Clock.GetUtcNow() - start);
            return Outcome.Accepted(message);
        };
        var ids = new List<string>();
        for (var message = 0; message < 40; message++)
        {
            ids.Add(await rig.SubmitAsync());
        }

        // A tenth of a minute's worth at once, then one a second and no more.
        for (var second = 0; taken.Count < ids.Count; second++)
        {
            await Eventually.SeeAsync(() => Task.FromResult(taken.Count), count => count >= Math.Min(6 + second, ids.Count), $"{6 + second} messages are to be sent after {second} seconds");
            rig.Advance(TimeSpan.FromSeconds(1.001));
        }

        foreach (var id in ids)
        {
            await rig.WaitForAsync(id, MessageStatus.Sent);
        }

        Assert.All(taken.Select((at, index) => (at, index)), one => Assert.True(one.at >= TimeSpan.FromSeconds(one.index - 6), $"Message {one.index} was taken after {one.at}."));
        Assert.InRange(taken.Last(), TimeSpan.FromSeconds(33), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task Try_again_in_is_honoured()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        rig.Settings.Add("primary").Answer = message => Outcome.Refused(message, TransportStage.Rcpt, "450 4.7.1 Greylisted, please try again in 120 seconds");

        var deferred = await rig.WaitForAsync(await rig.SubmitAsync(), MessageStatus.Deferred);

        Assert.InRange(deferred.NextAttemptAt!.Value - rig.Clock.GetUtcNow(), TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(150));
    }

    [Fact]
    public async Task A_transport_that_cannot_be_reached_is_passed_over_for_the_next()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        rig.Settings.Add("primary").Answer = message => Outcome.Fault(message, TransportFaultKind.ConnectionRefused, TransportStage.Connect);
        var backup = rig.Settings.Add("backup");

        var message = await rig.WaitForAsync(await rig.SubmitAsync(), MessageStatus.Sent);

        Assert.Single(backup.Sent);
        Assert.Equal(["primary", "backup"], message.Attempts.Select(attempt => attempt.Transport));
        Assert.Equal("failover from primary", message.Attempts[1].Why);
    }

    [Fact]
    public async Task U_3_Mail_goes_by_the_first_transport_again_once_it_answers()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var primary = rig.Settings.Add("primary");
        var backup = rig.Settings.Add("backup");
        primary.Answer = message => Outcome.Fault(message, TransportFaultKind.ConnectionRefused, TransportStage.Connect);
        for (var i = 0; i < 4; i++)
        {
            await rig.WaitForAsync(await rig.SubmitAsync(), MessageStatus.Sent);
        }

        // It was given up after three; the fourth did not ask it.
        Assert.Equal((3, 4), (primary.Sent.Count, backup.Sent.Count));

        primary.Answer = Outcome.Accepted;
        rig.Advance(TimeSpan.FromSeconds(21));
        var again = await rig.WaitForAsync(await rig.SubmitAsync(), MessageStatus.Sent);

        Assert.Equal("primary", Assert.Single(again.Attempts).Transport);
        Assert.Equal(4, backup.Sent.Count);
    }

    [Fact]
    public async Task What_waits_for_a_relay_that_is_found_dead_is_not_tried_on_it_one_by_one()
    {
        await using var rig = new QueueRig().Build();
        var transport = rig.Settings.Add("primary", maxSessions: 1);
        transport.Answer = message => Outcome.Fault(message, TransportFaultKind.ConnectionRefused, TransportStage.Connect);
        var ids = new List<string>();
        for (var message = 0; message < 20; message++)
        {
            ids.Add(await rig.SubmitAsync());
        }

        await rig.StartDeliveryAsync();
        foreach (var id in ids)
        {
            await rig.WaitForAsync(id, MessageStatus.Deferred);
        }

        Assert.Equal(3, transport.Sent.Count);
        transport.Answer = Outcome.Accepted;
        rig.Advance(TimeSpan.FromSeconds(21));
        foreach (var id in ids)
        {
            Assert.Equal(MessageStatus.Sent, (await rig.WaitForAsync(id, MessageStatus.Sent)).Status);
        }
    }

    [Fact]
    public async Task A_wrong_password_suspends_the_transport_and_destroys_no_mail()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        transport.Answer = message => Outcome.Fault(message, TransportFaultKind.LoginRefused, TransportStage.Auth, "535 5.7.8 wrong password");
        var id = await rig.SubmitAsync();
        await rig.WaitForAsync(id, MessageStatus.Deferred);
        var second = await rig.SubmitAsync();

        var line = rig.Get<TransportLines>().Get("primary");
        Assert.Equal(TransportCondition.Suspended, line.Health.Report().Condition);
        Assert.Equal("535 5.7.8 wrong password", line.Health.Report().Reason);
        rig.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(transport.Sent);
        Assert.Equal(MessageStatus.Queued, (await rig.FindAsync(second)).Status);

        transport.Answer = Outcome.Accepted;
        rig.Settings.Change(settings => settings, "primary");
        rig.Advance(TimeSpan.FromMinutes(1));

        await rig.WaitForAsync(id, MessageStatus.Sent);
        await rig.WaitForAsync(second, MessageStatus.Sent);
    }

    [Fact]
    public async Task Mail_does_not_age_while_its_transport_is_suspended()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        transport.Answer = message => Outcome.Fault(message, TransportFaultKind.CertificateRejected, TransportStage.Tls);
        var id = await rig.SubmitAsync(Some.Submission() with { ExpiresAt = rig.Clock.GetUtcNow() + TimeSpan.FromHours(1) });
        await rig.WaitForAsync(id, MessageStatus.Deferred);
        await Eventually.SeeAsync(() => rig.Get<HoldClock>().Total("", rig.Clock.GetUtcNow() + TimeSpan.FromHours(1)) > TimeSpan.Zero, "the hold begins");

        rig.Clock.Advance(TimeSpan.FromHours(3));
        transport.Answer = Outcome.Accepted;
        rig.Settings.Change(settings => settings, "primary");
        rig.Advance(TimeSpan.Zero);

        await rig.WaitForAsync(id, MessageStatus.Sent);
    }

    [Fact]
    public async Task A_message_past_its_end_expires_without_another_attempt()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        transport.Answer = message => Outcome.Refused(message, TransportStage.Content, "451 4.3.0 not now");
        var id = await rig.SubmitAsync(Some.Submission() with { ExpiresAt = rig.Clock.GetUtcNow() + TimeSpan.FromMinutes(2) });
        await rig.WaitForAsync(id, MessageStatus.Deferred);

        rig.Advance(TimeSpan.FromMinutes(7));

        var expired = await rig.WaitForAsync(id, MessageStatus.Expired);
        Assert.Single(expired.Attempts);
        Assert.Equal("451 4.3.0 not now", expired.Recipients[0].Reply);
    }

    [Fact]
    public async Task Content_without_a_reply_is_uncertain_and_tried_again_under_the_same_id()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        transport.Answer = message => Outcome.Each(message, (_, _) => (RecipientVerdict.Uncertain, TransportStage.Content, null)) with
        {
            Fault = new(TransportStage.Content, TransportFaultKind.ConnectionLost, "lost"),
        };
        var id = await rig.SubmitAsync();
        var deferred = await rig.WaitForAsync(id, MessageStatus.Deferred);
        Assert.Equal(AttemptOutcome.Uncertain, deferred.Attempts[0].Outcome);
        transport.Answer = Outcome.Accepted;

        rig.Advance(TimeSpan.FromMinutes(7));

        await rig.WaitForAsync(id, MessageStatus.Sent);
        Assert.Equal(transport.Sent.First().Header.ToArray(), transport.Sent.Last().Header.ToArray());
    }

    [Fact]
    public async Task More_recipients_than_a_transaction_takes_go_in_several()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary", maxRecipients: 40);

        var id = await rig.SubmitAsync([.. Enumerable.Range(0, 100).Select(number => $"r{number}@example.org")]);

        await rig.WaitForAsync(id, MessageStatus.Sent);
        Assert.Equal([40, 40, 20], transport.Sent.Select(sent => sent.Recipients.Count));
        Assert.Equal(100, transport.Sent.SelectMany(sent => sent.Recipients).Distinct().Count());
    }

    [Fact]
    public async Task Too_many_recipients_means_the_rest_goes_now()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        transport.Answer = message => Outcome.Each(message, (_, index) => index < 10
            ? (RecipientVerdict.Accepted, TransportStage.Content, "250 ok")
            : (RecipientVerdict.Refused, TransportStage.Rcpt, "452 4.5.3 too many recipients"));

        var id = await rig.SubmitAsync([.. Enumerable.Range(0, 75).Select(number => $"r{number}@example.org")]);

        await rig.WaitForAsync(id, MessageStatus.Sent);
        Assert.Equal([75, 65, 55, 45, 35, 25, 15, 5], transport.Sent.Select(sent => sent.Recipients.Count));
    }

    [Fact]
    public async Task A_transport_that_breaks_its_word_costs_no_message_and_not_the_line()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        transport.Answer = _ => throw new InvalidOperationException("a bug");
        var id = await rig.SubmitAsync();
        await rig.WaitForAsync(id, MessageStatus.Deferred);
        transport.Answer = Outcome.Accepted;

        await rig.WaitForAsync(await rig.SubmitAsync(), MessageStatus.Sent);
        rig.Advance(TimeSpan.FromMinutes(7));

        await rig.WaitForAsync(id, MessageStatus.Sent);
    }

    [Fact]
    public async Task A_cancel_that_was_promised_holds_when_the_process_dies_before_the_outcome()
    {
        await using var rig = new QueueRig().Build();
        var transport = rig.Settings.Add("primary");
        var id = await rig.SubmitAsync();
        var now = rig.Clock.GetUtcNow();
        await rig.Get<IDeliveryQueue>().ClaimAsync(new(now, new(1, now.AddMinutes(5)), [9, 9, 9], 9, _ => 9, _ => 9), CancellationToken.None);
        Assert.Equal(ActResult.Requested, await rig.Get<IMessageActs>().CancelAsync(id, now, CancellationToken.None));

        await rig.StartDeliveryAsync();

        Assert.Equal(RecipientState.Canceled, (await rig.WaitForAsync(id, MessageStatus.Canceled)).Recipients[0].State);
        Assert.Empty(transport.Sent);
    }

    [Fact]
    public async Task Leases_are_renewed_until_the_last_session_has_ended()
    {
        await using var rig = new QueueRig { Delivery = new() { Lease = TimeSpan.FromSeconds(6), StopGrace = TimeSpan.FromMinutes(10) } }.Build();
        var go = new TaskCompletionSource();
        rig.Settings.Add("primary").Before = (_, cancellationToken) => go.Task.WaitAsync(cancellationToken);
        await rig.StartDeliveryAsync();
        var id = await rig.SubmitAsync();
        await rig.WaitForAsync(id, MessageStatus.Sending);
        var twice = (rig.Clock.GetUtcNow() + TimeSpan.FromSeconds(15)).ToUnixTimeMilliseconds();
        var stop = rig.Get<DeliveryWorker>().StopAsync(CancellationToken.None);

        await Eventually.SeeAsync(
            () =>
            {
                rig.Clock.Advance(TimeSpan.FromSeconds(1));
                return DueAsync();
            },
            due => due > twice,
            "the lease is renewed while the stop waits");

        go.SetResult();
        await stop.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(MessageStatus.Sent, (await rig.FindAsync(id)).Status);

        Task<long> DueAsync() => rig.Get<IDatabase>().ReadAsync(connection => (long)connection.Prepared("select due from messages").ExecuteScalar()!, CancellationToken.None);
    }

    [Fact]
    public async Task A_stop_gives_back_what_was_not_sent_and_a_start_sends_it()
    {
        await using var rig = new QueueRig { Delivery = new() { StopGrace = TimeSpan.Zero } }.Build();
        var transport = rig.Settings.Add("primary", maxSessions: 1);
        transport.Before = (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation);
        await rig.StartDeliveryAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await rig.SubmitAsync());
        }

        await Eventually.SeeAsync(() => transport.Calls > 0, "a session begins");
        var stop = rig.Get<DeliveryWorker>().StopAsync(CancellationToken.None);
        await Eventually.SeeAsync(
            () =>
            {
                rig.Clock.Advance(TimeSpan.FromSeconds(1));
                return stop.IsCompleted;
            },
            "the stop ends");
        await stop;
        foreach (var id in ids)
        {
            var message = await rig.FindAsync(id);
            Assert.Equal((MessageStatus.Queued, 0), (message.Status, message.Attempts.Count));
        }

        transport.Before = (_, _) => Task.CompletedTask;
        await (await rig.RestartAsync()).StartDeliveryAsync();

        foreach (var id in ids)
        {
            await rig.WaitForAsync(id, MessageStatus.Sent);
        }
    }

    [Fact]
    public async Task Sessions_are_bounded_by_the_settings()
    {
        await using var rig = new QueueRig().Build();
        var transport = rig.Settings.Add("primary", maxSessions: 2);
        transport.Before = (_, cancellation) => Task.Delay(1, cancellation);
        var ids = new List<string>();
        for (var i = 0; i < 50; i++)
        {
            ids.Add(await rig.SubmitAsync());
        }

        await rig.StartDeliveryAsync();

        foreach (var id in ids)
        {
            await rig.WaitForAsync(id, MessageStatus.Sent);
        }

        Assert.Equal(2, transport.MostAtOnce);
        Assert.Equal(50, transport.Sent.Count);
    }

    [Fact]
    public async Task A_message_bound_to_a_transport_that_is_down_does_not_hold_up_the_others()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        rig.Settings.Add("primary");
        rig.Settings.Add("other").Answer = message => Outcome.Fault(message, TransportFaultKind.LoginRefused, TransportStage.Auth, "535 5.7.8 no");
        var bound = await rig.SubmitAsync(Some.Submission() with { Transport = "other" });
        await rig.WaitForAsync(bound, MessageStatus.Deferred);

        await rig.WaitForAsync(await rig.SubmitAsync(), MessageStatus.Sent);

        Assert.Equal(MessageStatus.Deferred, (await rig.FindAsync(bound)).Status);
    }

    [Fact]
    public async Task HB_3_What_waits_stays_while_mail_is_switched_off_and_leaves_afterwards()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        var id = await rig.SubmitAsync(Some.Submission() with { NotBefore = rig.Clock.GetUtcNow() + TimeSpan.FromHours(1) });
        rig.Settings.Change(settings => settings with { Enabled = false });
        rig.Advance(TimeSpan.FromHours(2));
        await Eventually.SeeAsync(() => rig.Get<HoldClock>().Total("", rig.Clock.GetUtcNow() + TimeSpan.FromHours(1)) > TimeSpan.Zero, "the hold begins");
        Assert.Empty(transport.Sent);
        Assert.Equal(MessageStatus.Queued, (await rig.FindAsync(id)).Status);

        rig.Settings.Change(settings => settings with { Enabled = true });
        rig.Get<QueueSignal>().Raise();

        await rig.WaitForAsync(id, MessageStatus.Sent);
    }

    [Fact]
    public async Task Paused_delivery_keeps_and_goes_on_later()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        await rig.Get<DeliverySwitch>().SetAsync(true, CancellationToken.None);
        var id = await rig.SubmitAsync();
        await Eventually.SeeAsync(() => rig.Get<HoldClock>().Total("", rig.Clock.GetUtcNow() + TimeSpan.FromHours(1)) > TimeSpan.Zero, "the hold begins");
        Assert.Empty(transport.Sent);

        await rig.Get<DeliverySwitch>().SetAsync(false, CancellationToken.None);

        await rig.WaitForAsync(id, MessageStatus.Sent);
    }

    [Fact]
    public async Task What_ends_because_nobody_took_it_is_told_of_like_any_other_end()
    {
        await using var rig = new QueueRig().Build(services => services.AddSingleton<INodeLock, LocalLock>().AddSingleton(new RetentionOptions()));
        var heard = new ConcurrentQueue<MailEvent>();
        using var handler = rig.Get<IMailEvents>().Subscribe((what, _) =>
        {
            heard.Enqueue(what);
            return ValueTask.CompletedTask;
        });
        var id = await rig.SubmitAsync(Some.Submission("b@example.org", "c@example.org") with { Source = "billing" });
        rig.Clock.Advance(TimeSpan.FromDays(6));

        await rig.Get<QueueMaintenance>().RunOnceAsync(CancellationToken.None);

        await Eventually.SeeAsync(() => heard.Count == 2, "both recipients are told of");
        Assert.All(heard, what => Assert.Equal((MailEventKind.Failed, id, "billing"), (what.Kind, what.Id, what.Source)));
        Assert.Equal(["b@example.org", "c@example.org"], heard.Select(what => what.Recipient));
        Assert.Equal((await rig.FindAsync(id)).MessageId, heard.First().MessageId);
    }

    [Fact]
    public async Task Handlers_hear_of_outcomes_and_one_that_fails_stops_nothing()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        rig.Settings.Add("primary").Answer = message => Outcome.Each(message, (address, _) => address.StartsWith('x')
            ? (RecipientVerdict.Refused, TransportStage.Rcpt, "550 5.7.1 no")
            : (RecipientVerdict.Accepted, TransportStage.Content, "250 ok"));
        var heard = new System.Collections.Concurrent.ConcurrentQueue<MailEvent>();
        using var bad = rig.Get<IMailEvents>().Subscribe((_, _) => throw new InvalidOperationException("a handler's bug"));
        using var good = rig.Get<IMailEvents>().Subscribe((what, _) =>
        {
            heard.Enqueue(what);
            return ValueTask.CompletedTask;
        });

        var id = await rig.SubmitAsync(Some.Submission("b@example.org", "x@example.org") with { Source = "billing" });

        await Eventually.SeeAsync(() => heard.Count == 2, "two events");
        Assert.Equal(
            [(MailEventKind.Accepted, "b@example.org"), (MailEventKind.Failed, "x@example.org")],
            heard.Select(what => (what.Kind, what.Recipient)).Order());
        Assert.All(heard, what => Assert.Equal((id, "billing", "primary"), (what.Id, what.Source, what.Transport)));
    }

    [Fact]
    public async Task Messages_whose_content_is_gone_are_not_held_against_the_transport()
    {
        await using var rig = new QueueRig().Build();
        var transport = rig.Settings.Add("primary");
        var bad = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            bad.Add(await rig.SubmitAsync());
        }

        await rig.Get<IDatabase>().WriteAsync(
            connection =>
            {
                using var delete = connection.CreateCommand();
                delete.CommandText = "delete from message_contents";
                return delete.ExecuteNonQuery();
            },
            CancellationToken.None);
        await rig.StartDeliveryAsync();
        foreach (var id in bad)
        {
            Assert.Equal("the content is gone", (await rig.WaitForAsync(id, MessageStatus.Deferred)).Recipients[0].Reply);
        }

        Assert.Equal(TransportCondition.Healthy, rig.Get<TransportLines>().Get("primary").Health.Report().Condition);
        await rig.WaitForAsync(await rig.SubmitAsync(), MessageStatus.Sent);
        Assert.Single(transport.Sent);
    }

    [Fact]
    public async Task An_outcome_that_makes_no_sense_sets_its_message_aside_and_the_others_go_on()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        rig.Settings.Add("primary").Answer = message => message.Recipients[0] == "bad@example.org" ? new(message, []) : Outcome.Accepted(message);

        var bad = await rig.SubmitAsync("bad@example.org");
        await rig.WaitForAsync(await rig.SubmitAsync("good@example.org"), MessageStatus.Sent);

        var message = await Eventually.SeeAsync(() => rig.FindAsync(bad), found => found.Status == MessageStatus.Queued && found.NextAttemptAt > rig.Clock.GetUtcNow(), "it waits");
        Assert.Equal(TimeSpan.FromMinutes(5), message.NextAttemptAt!.Value - rig.Clock.GetUtcNow());
    }
}

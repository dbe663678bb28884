using MailPlugin.Delivery;
using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Tests.Support;
using MailPlugin.Transports;

namespace MailPlugin.Tests.Delivery;

public sealed class SingleSendTests
{
    [Fact]
    public async Task One_message_goes_through_one_transport_and_leaves_a_row()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var worker = rig.Settings.Add("primary");
        await using var draft = new ScriptedTransport("draft");
        var message = Some.Message(rig.Clock.GetUtcNow()) with { Source = "test" };

        var outcome = await SendAsync(rig, message, draft);

        Assert.Equal(RecipientVerdict.Accepted, outcome.Recipients[0].Verdict);
        var row = await rig.FindAsync(message.Id);
        Assert.Equal((MessageStatus.Sent, "test", "draft"), (row.Status, row.Source, row.Attempts[0].Transport));
        Assert.Empty(worker.Sent);
    }

    [Theory]
    [InlineData("451 4.3.0 not now")]
    [InlineData("550 5.1.1 no such user")]
    public async Task What_is_refused_fails_is_not_tried_again_and_suppresses_nobody(string reply)
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        await using var transport = rig.Settings.Add("primary");
        transport.Answer = message => Outcome.Refused(message, TransportStage.Rcpt, reply);
        var message = Some.Message(rig.Clock.GetUtcNow());

        await SendAsync(rig, message, transport);
        rig.Advance(TimeSpan.FromHours(1));

        var row = await rig.FindAsync(message.Id);
        Assert.Equal((MessageStatus.Failed, reply), (row.Status, row.Recipients[0].Reply));
        Assert.Equal("queued", (await rig.Submission.SubmitAsync(Some.Submission("b@example.org"))).Status);
    }

    [Fact]
    public async Task A_session_that_fails_is_recorded_and_suspends_nothing()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        await using var transport = rig.Settings.Add("primary");
        transport.Answer = message => Outcome.Fault(message, TransportFaultKind.LoginRefused, TransportStage.Auth, "535 5.7.8 no");
        var message = Some.Message(rig.Clock.GetUtcNow());

        await SendAsync(rig, message, transport);

        var row = await rig.FindAsync(message.Id);
        Assert.Equal((MessageStatus.Failed, "535 5.7.8 no"), (row.Status, row.Attempts[0].Reply));
        Assert.Equal(TransportCondition.Healthy, rig.Get<TransportLines>().Get("primary").Health.Report().Condition);
    }

    [Fact]
    public async Task A_test_that_passes_lifts_the_suspension_of_what_it_tested()
    {
        await using var rig = await new QueueRig().Build().StartDeliveryAsync();
        var transport = rig.Settings.Add("primary");
        var health = rig.Get<TransportLines>().Get("primary").Health;
        health.Failed("535 no", settings: true);

        await SendAsync(rig, Some.Message(rig.Clock.GetUtcNow()), transport);

        Assert.Equal(TransportCondition.Healthy, health.Report().Condition);
        var settings = rig.Settings.Current.Settings.Transport("primary")!;
        Assert.Equal(new LastTestAnswer(rig.Clock.GetUtcNow(), true, false), rig.Get<TestMarks>().Find(settings, rig.Settings.Current.Version));
        Assert.True(rig.Get<TestMarks>().Find(settings with { Name = "changed" }, rig.Settings.Current.Version)!.ChangedSince);
    }

    [Fact]
    public async Task A_test_goes_to_an_address_that_is_suppressed()
    {
        await using var rig = new QueueRig().Build();
        await using var transport = rig.Settings.Add("primary");
        var now = rig.Clock.GetUtcNow();
        await rig.Get<ISuppressionStore>().PutAsync(new("b@example.org", "550 5.1.1 no such user", "relay", now, null), CancellationToken.None);
        var message = Some.Message(now, "b@example.org");

        var outcome = await SendAsync(rig, message, transport);

        Assert.Equal(RecipientVerdict.Accepted, Assert.Single(outcome.Recipients).Verdict);
        Assert.Equal(["b@example.org"], Assert.Single(transport.Sent).Recipients);
        Assert.Equal(MessageStatus.Sent, (await rig.FindAsync(message.Id)).Status);
    }

    [Fact]
    public async Task What_the_relay_took_is_told_though_it_cannot_be_written_down()
    {
        await using var rig = new QueueRig();
        var store = new BrokenStore();
        rig.Build(store.PutAround);
        await using var transport = rig.Settings.Add("primary");
        transport.Before = (_, _) =>
        {
            store.WritesFail = true;
            return Task.CompletedTask;
        };

        var outcome = await SendAsync(rig, Some.Message(rig.Clock.GetUtcNow()), transport);

        Assert.Equal(RecipientVerdict.Accepted, Assert.Single(outcome.Recipients).Verdict);
        Assert.Equal(1, store.Refused);
    }

    static Task<TransportOutcome> SendAsync(QueueRig rig, NewMessage message, ScriptedTransport transport)
    {
        var settings = rig.Settings.Current.Settings.Transport(transport.Id) ?? new TransportSettings { Id = transport.Id, Name = transport.Id, Mode = TransportMode.Smtp, Smtp = new() { Host = "x" } };
        return rig.Get<SingleSend>().SendNowAsync(message, transport, settings, rig.Settings.Current.Settings, redirectTo: null, CancellationToken.None);
    }
}

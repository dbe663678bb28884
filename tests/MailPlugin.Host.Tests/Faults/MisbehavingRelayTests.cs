using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>A relay breaks off, falls silent, talks nonsense or refuses to talk: that says nothing about the message, which is kept; where its content had left, the attempt is called uncertain.</summary>
public sealed class MisbehavingRelayTests(MisbehavingRelays relays) : IClassFixture<MisbehavingRelays>
{
    public static TheoryData<string> Names => new(MisbehavingRelays.Cases.Select(one => one.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_relay_that_misbehaves_costs_no_message_and_no_session(string name) => relays.TellAsync(name);
}

public sealed class MisbehavingRelays() : HostileRelays(Cases)
{
    static readonly RelayStage[] BeforeContent = [RelayStage.Greeting, RelayStage.Ehlo, RelayStage.Mail, RelayStage.Rcpt, RelayStage.Data];

    internal static IReadOnlyList<RelayCase> Cases { get; } =
    [
        .. from stage in BeforeContent from act in new[] { RelayAct.Close, RelayAct.Stall, RelayAct.Garbage, RelayAct.Flood } select RelayCase.Deferred(stage, act),
        RelayCase.Deferred(RelayStage.Greeting, RelayAct.Reply, "421 4.3.2 full"),
        RelayCase.Deferred(RelayStage.Greeting, RelayAct.Reply, "554 5.7.1 not from there"),
        RelayCase.Deferred(RelayStage.Ehlo, RelayAct.Reply, "550 5.7.1 not that name"),
        RelayCase.Uncertain(RelayStage.Body, RelayAct.Reset) with { Arrived = false },
        RelayCase.Uncertain(RelayStage.Content, RelayAct.Close),
        RelayCase.Uncertain(RelayStage.Content, RelayAct.Reset),
        RelayCase.Uncertain(RelayStage.Content, RelayAct.Stall),
        RelayCase.Uncertain(RelayStage.Content, RelayAct.Garbage),
        RelayCase.Uncertain(RelayStage.Content, RelayAct.Flood),
        new(new(RelayStage.Content, RelayAct.AnswerAndClose), "accepted", "accepted", Arrived: true),
        RelayCase.Deferred(RelayStage.Mail, RelayAct.Twice),
    ];
}

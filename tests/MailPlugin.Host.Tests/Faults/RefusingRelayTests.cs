using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>A relay refuses at each step of a transaction: what may pass later is kept, what will not is told.</summary>
public sealed class RefusingRelayTests(RefusingRelays relays) : IClassFixture<RefusingRelays>
{
    public static TheoryData<string> Names => new(RefusingRelays.Cases.Select(one => one.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_refusal_defers_or_fails_as_its_code_says_and_nothing_is_lost(string name) => relays.TellAsync(name);
}

public sealed class RefusingRelays() : HostileRelays(Cases)
{
    static readonly RelayStage[] Stages = [RelayStage.Mail, RelayStage.Rcpt, RelayStage.Data, RelayStage.Content];
    static readonly string[] Transient = ["421 4.3.2 closing", "450 4.2.1 busy", "451 4.3.0 trouble here", "452 4.3.1 no room"];
    static readonly string[] Permanent = ["550 5.7.1 not wanted", "552 5.2.2 over quota", "554 5.6.0 no"];

    // A content that was refused has arrived all the same: the relay read it.
    internal static IReadOnlyList<RelayCase> Cases { get; } =
    [
        .. from stage in Stages from reply in Transient select RelayCase.Deferred(stage, RelayAct.Reply, reply) with { Arrived = stage == RelayStage.Content },
        .. from stage in Stages from reply in Permanent select RelayCase.Failed(stage, reply) with { Arrived = stage == RelayStage.Content },
    ];
}

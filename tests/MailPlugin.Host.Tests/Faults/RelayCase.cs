using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>What a relay does wrong, and what must become of the message.</summary>
/// <param name="State">The recipient's state afterwards.</param>
/// <param name="Outcome">What the attempt is called.</param>
/// <param name="Arrived">Whether the relay has the content all the same.</param>
internal sealed record RelayCase(RelayTrick Trick, string State, string Outcome, bool Arrived = false)
{
    /// <summary>Also the id of the transport that leads there.</summary>
    public string Name { get; } = $"{Trick.Stage}-{(Trick.Act == RelayAct.Reply ? Trick.Reply.Split(' ')[0] : Trick.Act)}".ToLowerInvariant();

    public static RelayCase Deferred(RelayStage stage, RelayAct act, string reply = "") => new(new(stage, act, reply), "deferred", "deferred");

    public static RelayCase Failed(RelayStage stage, string reply) => new(new(stage, RelayAct.Reply, reply), "failed", "failed");

    /// <summary>The content left and no verdict came back: only the same message again can be right.</summary>
    public static RelayCase Uncertain(RelayStage stage, RelayAct act) => new(new(stage, act), "deferred", "uncertain", Arrived: true);
}

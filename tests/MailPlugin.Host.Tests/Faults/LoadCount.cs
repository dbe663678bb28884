using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Faults;

/// <summary>What was promised under load against what arrived.</summary>
/// <param name="Acknowledged">Messages answered with 202.</param>
/// <param name="Delivered">Messages that the relay took at least once.</param>
/// <param name="Duplicates">Deliveries beyond the first of their message.</param>
/// <param name="Lost">Acknowledged and never delivered.</param>
/// <param name="Twins">Submissions repeated with their idempotency key that became two messages.</param>
internal sealed record LoadCount(int Acknowledged, int Delivered, int Duplicates, int Lost, int Twins)
{
    /// <summary>At one transport.</summary>
    public const int Sessions = 4;

    /// <summary>Transactions that a session has under way at most.</summary>
    public const int Window = 16;

    /// <summary>Outcomes that are written in one commit at most.</summary>
    const int OutcomeBatch = 64;

    /// <summary>What one death of a host may send again: what is in flight, and what the relay has taken and nobody has written down yet.</summary>
    public const int DuplicatesOfOneDeath = (Sessions * Window) + OutcomeBatch;

    public static LoadCount Of(Load load, CountingSink sink)
    {
        var taken = sink.Messages;
        return new(
            load.Acknowledged.Count,
            taken.Count,
            DuplicatesAt(sink),
            load.Acknowledged.Keys.Count(id => !taken.ContainsKey(id)),
            taken.Values.GroupBy(message => message.Subject).Count(group => group.Count() > 1));
    }

    public static int DuplicatesAt(CountingSink sink) => sink.Messages.Values.Sum(message => message.Times - 1);

    /// <summary>Nothing that was promised is missing, and nothing was promised twice.</summary>
    public void ShouldBeWhole(int moreThan)
    {
        Assert.True(Acknowledged > moreThan, "There was no load.");
        Assert.Equal((0, 0), (Lost, Twins));
    }

    public override string ToString() => $"acknowledged {Acknowledged}, delivered {Delivered}, lost {Lost}, twins {Twins}";
}

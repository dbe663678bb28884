using MailPlugin.Queue;

namespace MailPlugin.Delivery;

/// <summary>A claimed message on its way: what is still to be done in this round, and what is already known. One line at a time works on it.</summary>
internal sealed class DeliveryJob(ClaimedMessage message)
{
    MessageContent? _content;
    (long Timestamp, DateTimeOffset Time) _claimed;

    readonly List<int> _pending = [.. Enumerable.Range(0, message.Recipients.Count).Where(index => message.Recipients[index].State.IsOpen())];

    public ClaimedMessage Message { get; } = message;

    /// <summary>Whether its bytes are in memory, or on their way there, and counted.</summary>
    public bool HoldsContent { get; set; }

    /// <summary>Places of the recipients that this round has not decided on.</summary>
    public IReadOnlyList<int> Pending => _pending;

    /// <summary>Places of the recipients in the transaction that is under way.</summary>
    public IReadOnlyList<int> Batch { get; set; } = [];

    /// <summary>Transports that could not be used in this round.</summary>
    public HashSet<string> Passed { get; } = new(StringComparer.Ordinal);

    /// <summary>The transport that left recipients to those behind it in order.</summary>
    public string? PassedOnBy { get; private set; }

    /// <summary>Where recipients' mail goes instead, by their places.</summary>
    public Dictionary<int, string> Redirects { get; } = [];

    /// <summary>What the transport said that could not be used.</summary>
    public string? LastTrouble { get; set; }

    /// <summary>Whether it is to find out if the present transport can be used again.</summary>
    public bool IsProbe { get; set; }

    /// <summary>Why the present transport was chosen.</summary>
    public string Why { get; set; } = "";

    public List<RecipientChange> Changes { get; } = [];

    public List<Attempt> Attempts { get; } = [];

    public List<Suppression> Suppressions { get; } = [];

    /// <summary>Transactions of this round that were asked for once more.</summary>
    public int Again { get; set; }

    /// <summary>Set once a refusal was shared by several recipients: from then on each gets a transaction of its own, and an answer.</summary>
    public bool OneByOne { get; set; }

    /// <summary>When the earliest of the deferred recipients is to be tried again.</summary>
    public DateTimeOffset? Due { get; private set; }

    /// <summary>Whether a recipient was deferred for the message's or its own sake, so that the schedule moves on.</summary>
    public bool WasDeferred { get; set; }

    /// <summary>Its bytes came with its claim.</summary>
    /// <param name="claimed">When that was asked for: the clock's timestamp, and the time on the wall.</param>
    public void KeepContent(MessageContent? content, (long Timestamp, DateTimeOffset Time) claimed) => (_content, _claimed) = (content, claimed);

    /// <summary>
    /// What came with the claim: once, and only as long as the lease cannot have ended. A process that stood still since then has to ask; of a machine that did, only the clock on the wall knows.
    /// </summary>
    public MessageContent? TakeContent(TimeProvider clock, TimeSpan fresh)
    {
        var content = _content;
        _content = null;
        return clock.GetElapsedTime(_claimed.Timestamp) < fresh && (clock.GetUtcNow() - _claimed.Time).Duration() < fresh ? content : null;
    }

    public void Decide(int index, RecipientState state, string? reply, string? transport)
    {
        _pending.Remove(index);
        Changes.Add(new(index, state, reply, transport));
    }

    /// <summary>A transport leaves it to the next one.</summary>
    public void PassOn(int index, string transport, string? redirectTo)
    {
        PassedOnBy = transport;
        if (redirectTo is not null)
        {
            Redirects[index] = redirectTo;
        }
    }

    /// <summary>Not decided and not to be tried in this round: as it was before.</summary>
    public void Leave(int index) => _pending.Remove(index);

    public void ComeBack(DateTimeOffset due) => Due = Due < due ? Due : due;

    public string AddressOf(int index) => Message.Recipients[index].Address;

    /// <summary>What is to be written now; what was handed out is not handed out again.</summary>
    public MessageOutcome TakeOutcome(DateTimeOffset now, bool isLast)
    {
        var outcome = new MessageOutcome(Message.Key, Message.Lease.Token)
        {
            Changes = [.. Changes],
            Attempts = [.. Attempts],
            Suppressions = [.. Suppressions],
            Due = isLast ? Due ?? now : null,
            Tries = Message.Tries + (WasDeferred ? 1 : 0),
            At = now,
        };
        Changes.Clear();
        Attempts.Clear();
        Suppressions.Clear();
        return outcome;
    }
}

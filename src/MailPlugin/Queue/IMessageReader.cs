namespace MailPlugin.Queue;

/// <summary>Reads messages for people.</summary>
internal interface IMessageReader
{
    /// <summary>Newest first. Looks at a bounded number of messages: a page may be short and say where to go on.</summary>
    Task<MessagePage> ListAsync(MessageFilter filter, long? before, int limit, CancellationToken cancellationToken);

    Task<MessageRecord?> FindAsync(string id, CancellationToken cancellationToken);

    Task<MessageContent?> ReadContentAsync(string id, CancellationToken cancellationToken);
}

/// <summary>Which messages are meant; what is null does not matter.</summary>
internal sealed record MessageFilter
{
    public MessageStatus? Status { get; init; }

    public string? Recipient { get; init; }

    public string? Source { get; init; }

    public string? Template { get; init; }

    public string? Transport { get; init; }

    /// <summary>Id or Message-ID exactly, else the beginning of a recipient or subject.</summary>
    public string? Text { get; init; }

    public DateTimeOffset? Since { get; init; }

    public DateTimeOffset? Until { get; init; }
}

/// <param name="Next">Key behind which the list goes on; null at its end.</param>
/// <param name="Partial">Not everything was looked at: there may be more of them, older.</param>
internal sealed record MessagePage(IReadOnlyList<MessageRecord> Items, long? Next, bool Partial);

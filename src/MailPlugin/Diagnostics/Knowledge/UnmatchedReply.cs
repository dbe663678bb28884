namespace MailPlugin.Diagnostics.Knowledge;

/// <summary>A kind of reply that no entry knows, and how often it came. Nothing of it points to a person.</summary>
/// <param name="Id">From its shape.</param>
/// <param name="Reply">Its shape (<see cref="ReplyShape"/>).</param>
/// <param name="Count">How often it came.</param>
/// <param name="FirstSeen">When it came first.</param>
/// <param name="LastSeen">When it came last.</param>
/// <param name="Transport">Id of the transport it came by last.</param>
/// <param name="Message">Id of the message that it came for last: there its words stand as they were said.</param>
internal sealed record UnmatchedReply(string Id, string Reply, long Count, DateTimeOffset FirstSeen, DateTimeOffset LastSeen, string Transport, string? Message);

internal interface IUnmatchedStore
{
    /// <summary>Adds to the counts of what is known by its id, and keeps the <paramref name="most"/> that came last.</summary>
    Task AddAsync(IReadOnlyList<UnmatchedReply> replies, int most, CancellationToken cancellationToken);

    /// <summary>The last seen first, behind a place.</summary>
    Task<IReadOnlyList<UnmatchedReply>> ListAsync(DateTimeOffset? beforeTime, string? beforeId, int limit, CancellationToken cancellationToken);
}

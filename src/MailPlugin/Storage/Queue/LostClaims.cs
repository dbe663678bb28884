using System.Data.Common;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>A claim on its way, with what it has asked for: whoever never hears how it ended knows where to look. Thread-safe.</summary>
internal sealed class ClaimAttempt(ClaimRequest request)
{
    readonly HashSet<(int Lane, StreamName Stream)> _asked = [];

    public ClaimRequest Request => request;

    public IReadOnlyList<(int Lane, StreamName Stream)> Asked
    {
        get
        {
            lock (_asked)
            {
                return [.. _asked];
            }
        }
    }

    public void Ask(IEnumerable<ClaimPortion> portions)
    {
        lock (_asked)
        {
            _asked.UnionWith(portions.Select(portion => (portion.Lane, portion.Stream)));
        }
    }
}

/// <summary>
/// Claims whose answer never came: the connection was cut when the commit was through, or the time was over. What they took is in nobody's hands, and would lie until its lease ends. It is found by the token,
/// which no other claim has, so that nothing is let go of that somebody holds. A commit may be late: each is looked for until its lease would have ended anyway.
/// </summary>
internal sealed class LostClaims(Dialect dialect)
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    readonly List<ClaimAttempt> _lost = [];
    readonly string _release = $"""
        update messages set lease = null, due = {dialect.Now}
        where due is not null and lane = @lane and stream = @stream and due > {dialect.Now} and due <= {dialect.Now} + @length and lease = @token
        """;

    DateTimeOffset _next;

    public void Add(ClaimAttempt attempt)
    {
        lock (_lost)
        {
            _lost.Add(attempt);
            _next = DateTimeOffset.MinValue;
        }
    }

    /// <summary>In a claim: what lost ones hold is due again.</summary>
    public void Release(DbConnection connection, DateTimeOffset now)
    {
        foreach (var attempt in ToLookFor(now))
        {
            var lease = attempt.Request.Lease;
            foreach (var (lane, stream) in attempt.Asked)
            {
                connection.Prepared(_release).SetNow(now)
                    .Set("@lane", lane).Set("@stream", stream.ToString()).Set("@token", lease.Token).Set("@length", (long)(lease.Until - attempt.Request.Now).TotalMilliseconds)
                    .ExecuteLater();
            }
        }
    }

    List<ClaimAttempt> ToLookFor(DateTimeOffset now)
    {
        lock (_lost)
        {
            _lost.RemoveAll(attempt => now > attempt.Request.Lease.Until);
            if (now < _next)
            {
                return [];
            }

            _next = now + LookEvery;
            return [.. _lost];
        }
    }
}

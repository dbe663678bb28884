using MailPlugin.Queue;

namespace MailPlugin.Messages;

/// <param name="Expiry">How long a message that is opened again may take.</param>
internal sealed record MessageTerms(TimeSpan Expiry)
{
    public RetryTerms Retry(HoldClock holds, DateTimeOffset now) => new(now, now + Expiry, route => holds.Total(route, now));
}

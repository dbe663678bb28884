namespace MailPlugin.Tests.Support;

/// <summary>A clock that runs, and is wrong.</summary>
internal sealed class OffsetClock(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + offset;
}

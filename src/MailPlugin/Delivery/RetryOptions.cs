namespace MailPlugin.Delivery;

/// <summary>How long messages wait (<c>MailPlugin:Retry:…</c>).</summary>
internal sealed record RetryOptions
{
    /// <summary>After the first deferral.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How much longer after each further one.</summary>
    public double Factor { get; init; } = 1.5;

    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(4);

    /// <summary>The first wait for a relay that greylists.</summary>
    public TimeSpan Greylisted { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long a message waits whose transport could not be reached; beyond that its circuit breaker decides.</summary>
    public TimeSpan Unreachable { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Part of a wait that chance adds or takes, so that what failed together does not come back together.</summary>
    public double Jitter { get; init; } = 0.2;
}

using MailPlugin.Options;

namespace MailPlugin.Delivery;

/// <summary>Reads what the host's configuration says of delivery.</summary>
internal static class DeliveryOptionsReader
{
    static readonly TimeSpan Longest = TimeSpan.FromDays(3_660);

    /// <param name="isShared">Whether other nodes wait for the end of a lease when this one dies.</param>
    public static DeliveryOptions Delivery(OptionReader reader, bool isShared)
    {
        var standard = new DeliveryOptions();
        return standard with
        {
            Lease = reader.Duration("Lease", TimeSpan.FromSeconds(5), TimeSpan.FromHours(1)) ?? (isShared ? DeliveryOptions.SharedLease : standard.Lease),
            Gather = isShared ? DeliveryOptions.SharedGather : standard.Gather,
        };
    }

    public static RetryOptions Retry(OptionReader reader)
    {
        var standard = new RetryOptions();
        return new()
        {
            First = reader.Duration("First", TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)) ?? standard.First,
            Factor = (reader.Number("FactorPercent", 100, 1_000) ?? (int)(standard.Factor * 100)) / 100.0,
            Longest = reader.Duration("Longest", TimeSpan.FromSeconds(1), TimeSpan.FromDays(2)) ?? standard.Longest,
            Greylisted = reader.Duration("Greylisted", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) ?? standard.Greylisted,
            Unreachable = reader.Duration("Unreachable", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) ?? standard.Unreachable,
            Jitter = (reader.Number("JitterPercent", 0, 100) ?? (int)(standard.Jitter * 100)) / 100.0,
        };
    }

    public static RetentionOptions Retention(OptionReader reader)
    {
        var standard = new RetentionOptions();
        return new()
        {
            Bodies = reader.Duration("Bodies", TimeSpan.Zero, Longest) ?? standard.Bodies,
            Messages = reader.Duration("Messages", TimeSpan.Zero, Longest) ?? standard.Messages,
            Bytes = reader.Number("Megabytes", 16, int.MaxValue) is { } megabytes ? megabytes * 1024L * 1024 : standard.Bytes,
            Count = reader.Number("Count", 1_000, int.MaxValue) ?? standard.Count,
        };
    }
}

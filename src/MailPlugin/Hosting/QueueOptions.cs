using MailPlugin.Delivery;
using MailPlugin.Options;
using MailPlugin.Security.Secrets;
using MailPlugin.Storage.Postgres;
using MailPlugin.Submission;

namespace MailPlugin.Hosting;

/// <summary>The options of the store, the key ring and the queue's slices, read together so that a wrong one stops the start.</summary>
internal sealed record QueueOptions(
    PostgresTarget? Store, KeyRingOptions KeyRing, SubmissionLimits Limits, DeliveryOptions Delivery, RetryOptions Retry, RetentionOptions Retention)
{
    /// <exception cref="InvalidOptionException">One is wrong.</exception>
    public static QueueOptions Read(MailPluginOptions options)
    {
        var reader = new OptionReader(options.Configuration);
        var store = PostgresTarget.Read(options);
        return new(
            store,
            KeyRingOptions.Read(options, isShared: store is not null),
            SubmissionLimitsReader.Read(reader.Below("Limits")),
            DeliveryOptionsReader.Delivery(reader.Below("Limits"), isShared: store is not null),
            DeliveryOptionsReader.Retry(reader.Below("Retry")),
            DeliveryOptionsReader.Retention(reader.Below("Retention")));
    }
}

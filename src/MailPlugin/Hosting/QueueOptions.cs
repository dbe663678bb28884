using MailPlugin.Delivery;
using MailPlugin.Options;
using MailPlugin.Security.Secrets;
using MailPlugin.Storage.Postgres;
using MailPlugin.Submission;

namespace MailPlugin.Hosting;

/// <summary>The options of the store, the key ring and the queue's slices, read together so that a wrong or unknown one stops the start.</summary>
internal sealed record QueueOptions(
    PostgresTarget? Store, KeyRingOptions KeyRing, SubmissionLimits Limits, DeliveryOptions Delivery, RetryOptions Retry, RetentionOptions Retention)
{
    /// <exception cref="InvalidOptionException">One is wrong, or nobody knows it.</exception>
    public static QueueOptions Read(MailPluginOptions options)
    {
        var reader = options.Reader;
        var store = PostgresTarget.Read(options);
        var slices = new QueueOptions(
            store,
            KeyRingOptions.Read(options, isShared: store is not null),
            SubmissionLimitsReader.Read(reader.Below("Limits")),
            DeliveryOptionsReader.Delivery(reader.Below("Limits"), isShared: store is not null),
            DeliveryOptionsReader.Retry(reader.Below("Retry")),
            DeliveryOptionsReader.Retention(reader.Below("Retention")));
        reader.LeaveOut("Settings");
        reader.RefuseUnknown();
        return slices;
    }
}

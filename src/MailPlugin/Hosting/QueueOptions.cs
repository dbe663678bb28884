using MailPlugin.Delivery;
using MailPlugin.Options;
using MailPlugin.Storage.Postgres;
using MailPlugin.Submission;

namespace MailPlugin.Hosting;

/// <summary>The options of the queue's slices, read together so that a wrong one stops the start.</summary>
internal sealed record QueueOptions(PostgresTarget? Store, SubmissionLimits Limits, RetryOptions Retry, RetentionOptions Retention)
{
    /// <exception cref="InvalidOptionException">One is wrong.</exception>
    public static QueueOptions Read(MailPluginOptions options)
    {
        var reader = new OptionReader(options.Configuration);
        return new(
            PostgresTarget.Read(options),
            SubmissionLimitsReader.Read(reader.Below("Limits")),
            DeliveryOptionsReader.Retry(reader.Below("Retry")),
            DeliveryOptionsReader.Retention(reader.Below("Retention")));
    }
}

using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Transports;
using MailPlugin.Transports.Finishing;

namespace MailPlugin.Delivery;

/// <summary>Makes of a claimed message what one transport is to send now: the next batch of recipients, the bytes, finished for this transport.</summary>
internal sealed class MessagePreparation(IDeliveryQueue queue, ISettingsSource settings, MessageFinishing finishing, StoreWatch watch, TimeProvider clock)
{
    /// <summary>No lease is so short, and a database that has failed over since is noticed.</summary>
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <returns>Null when the content is gone.</returns>
    public async ValueTask<OutgoingMessage?> PrepareAsync(DeliveryJob job, TransportSettings transport, CancellationToken cancellationToken)
    {
        if ((KeptBy(job) ?? await queue.ReadContentAsync(new(job.Message.Key, job.Message.Lease.Token), cancellationToken)) is not { } content)
        {
            return null;
        }

        var limit = job.OneByOne ? 1 : transport.Smtp?.MaxRecipients ?? int.MaxValue;
        job.Batch = [.. job.Pending.Where(index => !job.Redirects.ContainsKey(index)).Take(limit)];
        var redirect = job.Batch.Count == 0 ? job.Redirects[job.Pending[0]] : null;
        if (redirect is not null)
        {
            // One copy for all of them; what becomes of it becomes of each.
            job.Batch = [.. job.Pending];
        }

        return Finish(job, content, redirect, settings.Current.Settings, transport);
    }

    /// <summary>What came with the claim. Not while the store cannot be written: then nothing begins whose outcome would be lost with this process.</summary>
    MessageContent? KeptBy(DeliveryJob job) => job.TakeContent(clock, Fresh) is { } content && watch.Trouble is null ? content : null;

    /// <summary>The job's batch as this transport is to send it.</summary>
    /// <param name="redirect">Where it goes instead; null: to its recipients.</param>
    public OutgoingMessage Finish(DeliveryJob job, MessageContent content, string? redirect, MailSettings around, TransportSettings transport)
    {
        var message = job.Message;
        string[] addresses = [.. job.Batch.Select(job.AddressOf)];
        var unfinished = new UnfinishedMessage(content.Header, content.Body, message.From, message.FromIsDefault, message.EnvelopeFrom) { RedirectedFrom = redirect is null ? [] : addresses };
        var finished = finishing.Finish(unfinished, around, transport);
        return new(finished.EnvelopeFrom, redirect is null ? addresses : [redirect], finished.Header, content.Body)
        {
            Id = message.Id,
            NeedsSmtpUtf8 = message.NeedsSmtpUtf8,
            Dsn = message.Dsn,
            State = job,
        };
    }
}

using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Transports;
using MailPlugin.Transports.Finishing;

namespace MailPlugin.Delivery;

/// <summary>Makes of a claimed message what one transport is to send now: the next batch of recipients, the bytes, finished for this transport.</summary>
internal sealed class MessagePreparation(IDeliveryQueue queue, ISettingsSource settings, MessageFinishing finishing, DeliveryOptions options, TimeProvider clock)
{
    /// <summary>By far less than a lease: it is renewed at a third.</summary>
    readonly TimeSpan _fresh = options.Lease / 6;

    /// <returns>Null when the content is gone.</returns>
    public async ValueTask<OutgoingMessage?> PrepareAsync(DeliveryJob job, TransportSettings transport, CancellationToken cancellationToken)
    {
        if ((job.TakeContent(clock, _fresh) ?? await queue.ReadContentAsync(new(job.Message.Key, job.Message.Lease.Token), cancellationToken)) is not { } content)
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

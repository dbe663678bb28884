using System.Data.Common;
using System.Text.Json;
using MailPlugin.Abstractions;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>Reads a message's row into what people see of it.</summary>
internal static class MessageRow
{
    public const string Columns = """
        m.key, m.id, m.message_id, m.status, m.lane, m.stream, m.due, m.lease, m.created_at, m.expires_at, m.held_base, m.size, m.owner, m.subject, m.from_address, m.from_name,
        m.recipients, m.last_transport, m.template, m.metadata, m.resent_from, m.resent_to,
        m.flags, m.envelope_from, m.dsn
        """;

    public static long Key(DbDataReader row) => row.GetInt64(0);

    /// <summary>Whether the row is one of those that are meant; only what is cheap to read is looked at.</summary>
    public static bool Matches(DbDataReader row, MessageFilter filter)
    {
        if (filter.Status is { } status && Status(row) != status)
        {
            return false;
        }

        if ((filter.Since is { } since && row.Time(8) < since) || (filter.Until is { } until && row.Time(8) >= until))
        {
            return false;
        }

        if (filter.Source is not null || filter.Transport is not null)
        {
            var stream = StreamName.Parse(row.GetString(5));
            if ((filter.Source is not null && stream.Source != filter.Source)
                || (filter.Transport is not null && stream.Transport != filter.Transport && row.Text(17) != filter.Transport))
            {
                return false;
            }
        }

        return filter.Template is null || row.Text(18) == filter.Template;
    }

    public static MessageRecord Read(DbDataReader row)
    {
        var stream = StreamName.Parse(row.GetString(5));
        var sending = Status(row) == MessageStatus.Sending;
        var recipients = RecipientJson.ReadRecipients(row.GetString(16));
        return new()
        {
            Id = row.GetString(1),
            MessageId = MessageIdColumn.Read(row.GetString(2), row.GetString(1), row.GetString(14)),
            Priority = Lane.Priority(row.GetInt32(4)),
            Source = stream.Source,
            Transport = stream.Transport,
            NextAttemptAt = row.IsDBNull(6) || sending ? null : row.Time(6),
            CreatedAt = row.Time(8),
            ExpiresAt = row.Time(9),
            HeldBase = TimeSpan.FromMilliseconds(row.GetInt64(10)),
            Size = row.GetInt64(11),
            Owner = row.GetString(12),
            Subject = row.GetString(13),
            From = new MailAddress(row.GetString(14), row.Text(15)),
            Recipients = sending ? [.. recipients.Select(Claimed)] : recipients,
            LastTransport = row.Text(17),
            Template = row.Text(18),
            Metadata = row.Text(19) is { } metadata ? JsonSerializer.Deserialize(metadata, RowJson.Default.DictionaryStringString)! : new Dictionary<string, string>(),
            ResentFrom = row.Text(20),
            ResentTo = row.Text(21),
            FromIsDefault = ((RowFlags)row.GetInt32(22)).HasFlag(RowFlags.FromIsDefault),
            NeedsSmtpUtf8 = ((RowFlags)row.GetInt32(22)).HasFlag(RowFlags.NeedsSmtpUtf8),
            EnvelopeFrom = row.Text(23),
            Dsn = row.Text(24) is { } dsn ? JsonSerializer.Deserialize(dsn, RowJson.Default.DeliveryStatusRequest) : null,
        };
    }

    static MessageStatus Status(DbDataReader row)
    {
        var stored = (MessageStatus)row.GetInt32(3);
        return stored.IsOpen() && !row.IsDBNull(7) ? MessageStatus.Sending : stored;
    }

    static Recipient Claimed(Recipient recipient) => recipient.State.IsOpen() ? recipient with { State = RecipientState.Sending } : recipient;
}

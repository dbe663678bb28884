using System.Data.Common;
using System.Text.Json;
using MailPlugin.Abstractions;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>Reads a message's row into what a worker needs of it.</summary>
internal static class ClaimRow
{
    public const string Columns = "key, id, message_id, from_address, from_name, envelope_from, flags, dsn, recipients, created_at, expires_at, held_base, tries, size";

    /// <summary>How many columns these are: what else a statement gives comes behind them.</summary>
    public const int Count = 14;

    public static ClaimedMessage Read(DbDataReader row, Lease lease, int lane, StreamName stream)
    {
        var flags = (RowFlags)row.GetInt32(6);
        return new()
        {
            Key = row.GetInt64(0),
            Id = row.GetString(1),
            MessageId = MessageIdColumn.Read(row.GetString(2), row.GetString(1), row.GetString(3)),
            Lease = lease,
            Lane = lane,
            Source = stream.Source,
            Transport = stream.Transport,
            From = new MailAddress(row.GetString(3), row.Text(4)),
            EnvelopeFrom = row.Text(5),
            NeedsSmtpUtf8 = flags.HasFlag(RowFlags.NeedsSmtpUtf8),
            FromIsDefault = flags.HasFlag(RowFlags.FromIsDefault),
            CancelRequested = flags.HasFlag(RowFlags.CancelRequested),
            Dsn = row.Text(7) is { } dsn ? JsonSerializer.Deserialize(dsn, RowJson.Default.DeliveryStatusRequest) : null,
            Recipients = RecipientJson.ReadRecipients(row.GetString(8)),
            CreatedAt = row.Time(9),
            ExpiresAt = row.Time(10),
            HeldBase = TimeSpan.FromMilliseconds(row.GetInt64(11)),
            Tries = row.GetInt32(12),
            Size = row.GetInt64(13),
        };
    }
}

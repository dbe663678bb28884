using System.Data.Common;
using System.Text.Json;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>Enqueues: a message's row, its bytes, its recipients for the search, its idempotency mark and the totals in one commit.</summary>
internal sealed class OutboxStore(IDatabase database) : IOutbox
{
    const int SubjectKeyLength = 40;
    static readonly TimeSpan Remembered = TimeSpan.FromHours(24);

    readonly string _insert = $"""
        insert into messages (id, message_id, status, lane, stream, due, lease, created_at, expires_at, held_base, tries, flags, size, owner, subject, subject_key,
          from_address, from_name, envelope_from, recipients, template, dsn, metadata, resent_from)
        values (@id, @message_id, @status, @lane, @stream, {database.Dialect.Now} + @wait, @lease, @created_at, @expires_at, @held_base, 0, @flags, @size, @owner, @subject, @subject_key,
          @from_address, @from_name, @envelope_from, @recipients, @template, @dsn, @metadata, @resent_from)
        """;

    public Task<IReadOnlyList<EnqueueAnswer>> EnqueueAsync(IReadOnlyList<NewMessage> messages, QueueQuota quota, CancellationToken cancellationToken)
    {
        // What can be computed beforehand is not computed on the one writing thread.
        var recipients = messages.Select(message => RecipientJson.Write(message.Recipients)).ToArray();
        return database.WriteAsync<IReadOnlyList<EnqueueAnswer>>(connection => Enqueue(connection, messages, recipients, quota), cancellationToken);
    }

    public Task<EnqueueAnswer?> FindAnswerAsync(IdempotencyMark mark, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => FindAnswer(connection, mark, now), cancellationToken);

    EnqueueAnswer[] Enqueue(DbConnection connection, IReadOnlyList<NewMessage> messages, string[] recipients, QueueQuota quota)
    {
        var answers = new EnqueueAnswer[messages.Count];
        if (quota != QueueQuota.None)
        {
            var (waiting, bytes) = QueueTotals.Open(connection);
            if (waiting + messages.Count > quota.Messages || bytes + messages.Sum(message => message.Size) > quota.Bytes)
            {
                // Replays are looked up before; whoever comes here with one meanwhile stored tries again and is answered.
                Array.Fill(answers, new EnqueueAnswer(EnqueueResult.QueueFull, "", "", MessageStatus.Queued, null));
                return answers;
            }
        }

        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            answers[i] = Store(connection, message, recipients[i]);
        }

        return answers;
    }

    EnqueueAnswer Store(DbConnection connection, NewMessage message, string recipients)
    {
        var suppressed = Suppressed(connection, ref message);
        if (suppressed.Count > 0)
        {
            recipients = RecipientJson.Write(message.Recipients);
        }

        var status = MessageStatuses.Of(message.Recipients.Select(recipient => recipient.State));
        var reason = message.Reason ?? (suppressed.Count == message.Recipients.Count ? "every recipient is suppressed" : null);
        var answer = new EnqueueAnswer(EnqueueResult.Stored, message.Id, message.MessageId, status, reason) { Suppressed = suppressed };
        if (message.Idempotency is { } mark && !Remember(connection, mark, answer, message.CreatedAt))
        {
            return FindAnswer(connection, mark, message.CreatedAt) ?? throw new InvalidOperationException("An idempotency mark is neither new nor known.");
        }

        Insert(connection, message, status, recipients);
        if (status.IsOpen() || !message.ForgetsContent)
        {
            connection.Prepared($"insert into message_contents (key, header, body) values ({database.Dialect.LastKey}, @header, @body)")
                .Set("@header", Blob.Of(message.Header)).Set("@body", Blob.Of(message.Body)).ExecuteLater();
        }

        var index = connection.Prepared($"insert into message_recipients (address, key) values (@address, {database.Dialect.LastKey}) on conflict do nothing");
        foreach (var recipient in message.Recipients)
        {
            index.Set("@address", Recipient.KeyOf(recipient.Address)).ExecuteLater();
        }

        QueueTotals.Add(connection, status, 1, message.Size);
        if (message.ResentFrom is { } original)
        {
            connection.Prepared("update messages set resent_to = @id where id = @original").Set("@id", message.Id).Set("@original", original).ExecuteLater();
        }

        return answer;
    }

    /// <summary>Looked up in the same commit: no time lies between the question and the answer, and no other thread.</summary>
    static List<Recipient> Suppressed(DbConnection connection, ref NewMessage message)
    {
        var open = message.Recipients.Where(recipient => recipient.State.IsOpen()).Select(recipient => recipient.Address);
        var found = SuppressionStore.Find(connection, open, message.CreatedAt);
        if (found.Count == 0)
        {
            return [];
        }

        var at = message.CreatedAt;
        message = message with
        {
            Recipients =
            [
                .. message.Recipients.Select(recipient => recipient.State.IsOpen() && found.GetValueOrDefault(Recipient.KeyOf(recipient.Address)) is { } why
                    ? recipient with { State = RecipientState.Suppressed, Reply = why.Reason, At = at }
                    : recipient),
            ],
        };
        return [.. message.Recipients.Where(recipient => recipient.State == RecipientState.Suppressed && found.ContainsKey(Recipient.KeyOf(recipient.Address)))];
    }

    void Insert(DbConnection connection, NewMessage message, MessageStatus status, string recipients)
    {
        var due = message.Lease?.Until ?? (message.NotBefore > message.CreatedAt ? message.NotBefore : message.CreatedAt);
        var flags = (message.NeedsSmtpUtf8 ? RowFlags.NeedsSmtpUtf8 : 0) | (message.FromIsDefault ? RowFlags.FromIsDefault : 0)
            | (message.ForgetsContent ? RowFlags.EraseContent : 0);
        connection.Prepared(_insert)
            .SetNow(message.CreatedAt)
            .Set("@id", message.Id)
            .Set("@message_id", MessageIdColumn.Of(message))
            .Set("@status", (int)status)
            .Set("@lane", Lane.Of(message.Priority))
            .Set("@stream", new StreamName(message.Source, message.Transport).ToString())
            .Set("@wait", status.IsOpen() ? (long)(due.Value - message.CreatedAt).TotalMilliseconds : null)
            .Set("@lease", message.Lease?.Token)
            .Set("@created_at", message.CreatedAt.ToUnixTimeMilliseconds())
            .Set("@expires_at", message.ExpiresAt.ToUnixTimeMilliseconds())
            .Set("@held_base", (long)message.HeldBase.TotalMilliseconds)
            .Set("@flags", (int)flags)
            .Set("@size", message.Size)
            .Set("@owner", message.Owner)
            .Set("@subject", message.Subject)
            .Set("@subject_key", SubjectKey(message.Subject))
            .Set("@from_address", message.From.Address)
            .Set("@from_name", message.From.Name)
            .Set("@envelope_from", message.EnvelopeFrom)
            .Set("@recipients", recipients)
            .Set("@template", message.Template)
            .Set("@dsn", message.Dsn is null ? null : JsonSerializer.Serialize(message.Dsn, RowJson.Default.DeliveryStatusRequest))
            .Set("@metadata", message.Metadata.Count == 0 ? null : JsonSerializer.Serialize(message.Metadata.ToDictionary(), RowJson.Default.DictionaryStringString))
            .Set("@resent_from", message.ResentFrom)
            .ExecuteLater();
    }

    /// <summary>The beginning of a subject as the search compares it.</summary>
    internal static string SubjectKey(string subject)
    {
        var key = subject.ToLowerInvariant();
        return key.Length <= SubjectKeyLength ? key : key[..(char.IsHighSurrogate(key[SubjectKeyLength - 1]) ? SubjectKeyLength - 1 : SubjectKeyLength)];
    }

    static EnqueueAnswer? FindAnswer(DbConnection connection, IdempotencyMark mark, DateTimeOffset now)
    {
        using var reader = connection.Prepared("select hash, id, message_id, status, reason from idempotency where scope = @scope and name = @name and created_at > @since")
            .Set("@scope", mark.Scope).Set("@name", mark.Key).Set("@since", (now - Remembered).ToUnixTimeMilliseconds()).ExecuteReader();
        if (!reader.Read())
        {
            return null;
        }

        var same = ((byte[])reader.GetValue(0)).AsSpan().SequenceEqual(mark.Hash.Span);
        return new(
            same ? EnqueueResult.Replayed : EnqueueResult.Conflict,
            reader.GetString(1), reader.GetString(2), (MessageStatus)reader.GetInt32(3), reader.IsDBNull(4) ? null : reader.GetString(4));
    }

    /// <summary>False when the mark is known. Before the message itself: who brings the same mark to another node at the same time waits here for the commit of the first.</summary>
    static bool Remember(DbConnection connection, IdempotencyMark mark, EnqueueAnswer answer, DateTimeOffset now) =>
        connection.Prepared("""
            insert into idempotency (scope, name, hash, created_at, id, message_id, status, reason) values (@scope, @name, @hash, @at, @id, @message_id, @status, @reason)
            on conflict (scope, name) do update set hash = excluded.hash, created_at = excluded.created_at, id = excluded.id, message_id = excluded.message_id,
              status = excluded.status, reason = excluded.reason
            where idempotency.created_at <= @since
            """)
            .Set("@scope", mark.Scope).Set("@name", mark.Key).Set("@hash", mark.Hash.ToArray()).Set("@at", now.ToUnixTimeMilliseconds())
            .Set("@since", (now - Remembered).ToUnixTimeMilliseconds())
            .Set("@id", answer.Id).Set("@message_id", answer.MessageId).Set("@status", (int)answer.Status).Set("@reason", answer.Reason).ExecuteNonQuery() == 1;
}

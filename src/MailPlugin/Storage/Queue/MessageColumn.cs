using System.Text.Json;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>A message as it is to be stored, with what its suppressions and its mark have made of it.</summary>
internal sealed record StoredMessage(NewMessage Message, MessageStatus Status, string Recipients, EnqueueAnswer Answer)
{
    /// <summary>What is dropped as soon as it is finished is not kept of one that is finished already.</summary>
    public bool KeepsContent => Status.IsOpen() || !Message.ForgetsContent;
}

/// <summary>A column of a new message: a text or a number. The time when it is due is none of them, because it is reckoned by the database's clock.</summary>
internal sealed record MessageColumn(string Name, Func<StoredMessage, string?>? Text, Func<StoredMessage, long?>? Number)
{
    const int SubjectKeyLength = 40;

    public string Parameter { get; } = $"@{Name}";

    public static IReadOnlyList<MessageColumn> All { get; } =
    [
        Of("id", row => row.Message.Id),
        Of("message_id", row => MessageIdColumn.Of(row.Message)),
        Of("status", row => (long)row.Status),
        Of("lane", row => Lane.Of(row.Message.Priority)),
        Of("stream", row => new StreamName(row.Message.Source, row.Message.Transport).ToString()),
        Of("lease", row => row.Message.Lease?.Token),
        Of("created_at", row => row.Message.CreatedAt.ToUnixTimeMilliseconds()),
        Of("expires_at", row => row.Message.ExpiresAt.ToUnixTimeMilliseconds()),
        Of("held_base", row => (long)row.Message.HeldBase.TotalMilliseconds),
        Of("tries", _ => 0L),
        Of("flags", row => (long)Flags(row.Message)),
        Of("size", row => row.Message.Size),
        Of("owner", row => row.Message.Owner),
        Of("subject", row => row.Message.Subject),
        Of("subject_key", row => SubjectKey(row.Message.Subject)),
        Of("from_address", row => row.Message.From.Address),
        Of("from_name", row => row.Message.From.Name),
        Of("envelope_from", row => row.Message.EnvelopeFrom),
        Of("recipients", row => row.Recipients),
        Of("template", row => row.Message.Template),
        Of("dsn", row => row.Message.Dsn is null ? null : JsonSerializer.Serialize(row.Message.Dsn, RowJson.Default.DeliveryStatusRequest)),
        Of("metadata", row => row.Message.Metadata.Count == 0 ? null : JsonSerializer.Serialize(row.Message.Metadata.ToDictionary(), RowJson.Default.DictionaryStringString)),
        Of("resent_from", row => row.Message.ResentFrom),
    ];

    /// <summary>Milliseconds from when it was made until it is due; null: never.</summary>
    public static long? Wait(StoredMessage row)
    {
        var message = row.Message;
        var due = message.Lease?.Until ?? (message.NotBefore is { } later && later > message.CreatedAt ? later : message.CreatedAt);
        return row.Status.IsOpen() ? (long)(due - message.CreatedAt).TotalMilliseconds : null;
    }

    /// <summary>The beginning of a subject as the search compares it.</summary>
    public static string SubjectKey(string subject)
    {
        var key = subject.ToLowerInvariant();
        return key.Length <= SubjectKeyLength ? key : key[..(char.IsHighSurrogate(key[SubjectKeyLength - 1]) ? SubjectKeyLength - 1 : SubjectKeyLength)];
    }

    static RowFlags Flags(NewMessage message) =>
        (message.NeedsSmtpUtf8 ? RowFlags.NeedsSmtpUtf8 : 0) | (message.FromIsDefault ? RowFlags.FromIsDefault : 0) | (message.ForgetsContent ? RowFlags.EraseContent : 0);

    static MessageColumn Of(string name, Func<StoredMessage, string?> text) => new(name, text, null);

    static MessageColumn Of(string name, Func<StoredMessage, long?> number) => new(name, null, number);
}

using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>A Message-ID is nearly always made of the message's id and the domain of its From, which the row has: then the column is empty. It is a tenth of what a sent message keeps.</summary>
internal static class MessageIdColumn
{
    public static string Of(NewMessage message) => message.MessageId == Derived(message.Id, message.From.Address) ? "" : message.MessageId;

    public static string Read(string column, string id, string from) => column.Length > 0 ? column : Derived(id, from);

    static string Derived(string id, string from) => MessageIdentity.Header(id, from[(from.LastIndexOf('@') + 1)..]);
}

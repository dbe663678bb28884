using MailPlugin.Queue;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Messages;

/// <summary>The one way to a message's content for people: who reads it is written down before it is shown.</summary>
internal static class AuditedContent
{
    /// <param name="as">In which form it is shown, if not as it is.</param>
    /// <returns>Null when there is no such message, or its content is gone.</returns>
    public static async Task<MessageContent?> ReadAsync(string id, string? @as, HttpContext context, IMessageReader messages, IAuditLog audit)
    {
        var content = await messages.ReadContentAsync(id, context.RequestAborted);
        if (content is not null)
        {
            await audit.WriteAsync(context.User.Name(), "message content read", id, @as, context.RequestAborted);
        }

        return content;
    }
}

using MailPlugin.Http;
using MailPlugin.Http.Problems;
using MailPlugin.Queue;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Messages;

/// <summary>The one way to a message's content for people: who reads it is written down before it is shown.</summary>
internal static class AuditedContent
{
    static readonly LocalizedText NotKept = new("The content of this message was not kept.", "此邮件的内容未保留。");

    /// <param name="as">In which form it is shown, if not as it is.</param>
    public static async Task<(MessageContent? Content, ProblemResult? Problem)> ReadAsync(string id, string? @as, HttpContext context, IMessageReader messages, IAuditLog audit)
    {
        if (await messages.ReadContentAsync(id, context.RequestAborted) is { } content)
        {
            await audit.WriteAsync(context.User.Name(), "message content read", id, @as, context.RequestAborted);
            return (content, null);
        }

        return (null, await messages.FindAsync(id, context.RequestAborted) is null ? Problem.NotFound() : Problem.Of("not-found", NotKept));
    }
}

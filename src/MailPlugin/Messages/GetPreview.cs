using MailPlugin.Queue;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Messages;

/// <summary>A message's parts for people: the texts, and what is attached without its bytes.</summary>
internal static class GetPreview
{
    public static async Task<IResult> HandleAsync(string id, HttpContext context, IMessageReader messages, IAuditLog audit)
    {
        var (content, problem) = await AuditedContent.ReadAsync(id, "preview", context, messages, audit);
        if (content is null)
        {
            return problem!;
        }

        var parts = MessageParts.Read(content.Header, content.Body);
        return Results.Ok(new
        {
            text = parts.Find(part => part is { ContentType: "text/plain", Name: null })?.Text,
            html = parts.Find(part => part is { ContentType: "text/html", Name: null })?.Text,
            parts = parts.Select(part => new { part.ContentType, part.Name, part.ContentId, part.Size }),
        });
    }
}

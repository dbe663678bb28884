using MailPlugin.Queue;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Messages;

/// <summary>A message as it was composed (<c>message/rfc822</c>).</summary>
internal static class GetContent
{
    public static async Task<IResult> HandleAsync(string id, HttpContext context, IMessageReader messages, IAuditLog audit)
    {
        var (content, problem) = await AuditedContent.ReadAsync(id, null, context, messages, audit);
        if (content is null)
        {
            return problem!;
        }

        var whole = new byte[content.Header.Length + 2 + content.Body.Length];
        content.Header.Span.CopyTo(whole);
        "\r\n"u8.CopyTo(whole.AsSpan(content.Header.Length));
        content.Body.Span.CopyTo(whole.AsSpan(content.Header.Length + 2));
        return Results.Bytes(whole, "message/rfc822", $"{id}.eml");
    }
}

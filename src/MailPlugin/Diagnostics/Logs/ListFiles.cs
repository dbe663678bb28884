using MailPlugin.Http.Paging;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Diagnostics.Logs;

/// <summary><c>GET /logs/files</c>: this node's files, the one last written to first.</summary>
internal static class ListFiles
{
    public static IResult Handle(HttpContext context, LogFolder folder, LogReader reader)
    {
        var page = PageRequest.Read(context, "logs/files");
        return page.Problem ?? page.AnswerFrom(
            folder.Files(), file => new(file.UpdatedAt, file.Name), file => new Item(file.Name, file.Size, reader.FirstOf(file.Name)?.At, file.UpdatedAt, Environment.MachineName));
    }

    /// <param name="BeginsAt">The time of its first entry; null while it has none.</param>
    internal sealed record Item(string Name, long Size, DateTimeOffset? BeginsAt, DateTimeOffset UpdatedAt, string Node);
}

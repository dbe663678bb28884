using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Diagnostics.Logs;

/// <summary><c>GET /logs/files/{name}</c>: a file as it is now, one JSON object a line.</summary>
internal static class DownloadFile
{
    public static IResult Handle(string name, LogFolder folder) =>
        folder.Find(name) is { } file && folder.TryOpen(file.Name) is { } stream
            ? Results.Stream(new StreamSoFar(stream), "application/x-ndjson", file.Name, file.UpdatedAt, enableRangeProcessing: true)
            : Problem.NotFound();
}

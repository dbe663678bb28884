using MailPlugin.Http.Binding;
using MailPlugin.Http.Paging;
using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Diagnostics.Logs;

/// <summary><c>GET /logs</c>: the entries that a filter names, newest first.</summary>
internal static class ListLogs
{
    public static IResult Handle(HttpContext context, LogReader reader)
    {
        var faults = new Faults();
        var filter = new LogFilterReader(context.Request.Query, faults).Listed();
        var page = PageRequest.Read(context, $"logs|{filter}");
        if (faults.Any || page.Problem is not null)
        {
            return faults.Any ? Problem.Invalid("invalid-request", faults) : page.Problem!;
        }

        var place = page.Position is { } position ? LogPlace.Parse(position.Id) : null;
        if (page.Position is not null && place is null)
        {
            return Problem.Of("invalid-cursor");
        }

        // Read up to there and no further, so that whoever follows from there on sees no entry twice.
        var end = place is null ? reader.End() : null;
        var (lines, next) = reader.Read(place ?? end, page.Limit, filter.Matches, filter.Since);
        return Results.Ok(new { items = lines.Select(LogEntry.Of), next = next is null ? null : page.Cursor(new(DateTimeOffset.UnixEpoch, next.ToString())), end = end?.ToString() });
    }
}

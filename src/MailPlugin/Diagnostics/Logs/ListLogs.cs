using MailPlugin.Http.Binding;
using MailPlugin.Http.Paging;
using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Logs;

/// <summary><c>GET /logs?level=&amp;q=</c>: entries of at least this level that contain a text, newest first.</summary>
internal static class ListLogs
{
    const int MaxQuery = 200;

    public static IResult Handle(HttpContext context, LogReader reader)
    {
        var faults = new Faults();
        var (levelText, query) = (context.Request.Query["level"].ToString(), context.Request.Query["q"].ToString());
        var level = LogLevel.Trace;
        if (levelText.Length > 0 && (!EnumText.TryParse(levelText, out level) || level == LogLevel.None))
        {
            faults.Add("level", "must be one of trace, debug, information, warning, error, critical");
        }

        if (query.Length > MaxQuery)
        {
            faults.Add("q", $"must be at most {MaxQuery} characters long");
        }

        var page = PageRequest.Read(context, $"logs|{levelText}|{query}");
        if (faults.Any || page.Problem is not null)
        {
            return faults.Any ? Problem.Invalid("invalid-request", faults) : page.Problem!;
        }

        var place = page.Position is { } position ? LogPlace.Parse(position.Id) : null;
        if (page.Position is not null && place is null)
        {
            return Problem.Of("invalid-cursor");
        }

        var (lines, next) = reader.Read(place, page.Limit, line => line.Level >= level && Contains(line, query));
        var items = lines.Select(line => new Item(line.At, line.Level, line.EventId, line.Category, line.Message, line.Error, Environment.MachineName));
        return Results.Ok(new { items, next = next is null ? null : page.Cursor(new(DateTimeOffset.UnixEpoch, next.ToString())) });
    }

    static bool Contains(LogLine line, string query) =>
        query.Length == 0
        || line.Message.Contains(query, StringComparison.OrdinalIgnoreCase)
        || line.Category.Contains(query, StringComparison.OrdinalIgnoreCase)
        || line.Error?.Contains(query, StringComparison.OrdinalIgnoreCase) == true;

    internal sealed record Item(DateTimeOffset At, LogLevel Level, int EventId, string Category, string Message, string? Error, string Node);
}

using MailPlugin.Queue;
using MailPlugin.Settings;
using MailPlugin.Transports;
using MailPlugin.Transports.Php;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Delivery;

internal static class ListTransports
{
    public static async Task<IResult> HandleAsync(HttpContext context, ISettingsSource settings, TransportLines lines, IStatistics statistics, TestMarks tests, IAccessTokens tokens, PhpInspector php, TimeProvider clock)
    {
        var figures = await statistics.ByTransportAsync(Today(clock), context.RequestAborted);
        var items = new List<TransportAnswer>();
        foreach (var transport in settings.Current.Settings.Transports)
        {
            var answer = TransportAnswer.Of(
                transport, lines.Get(transport.Id), tests.Find(transport, settings.Current.Version), figures.GetValueOrDefault(transport.Id), await tokens.StateAsync(transport, context.RequestAborted));
            items.Add(answer with { Php = await php.LookAsync(transport) });
        }

        return Results.Ok(new { items });
    }

    /// <summary>The day's begin, in UTC as all times here.</summary>
    public static DateTimeOffset Today(TimeProvider clock) => new(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
}

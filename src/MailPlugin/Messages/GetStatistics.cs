using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Queue;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Messages;

/// <summary><c>GET /stats</c>: what waits now, and what became of recipients in a window.</summary>
internal static class GetStatistics
{
    static readonly Dictionary<string, (TimeSpan Window, TimeSpan Step)> Windows = new(StringComparer.Ordinal)
    {
        ["1h"] = (TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)),
        ["24h"] = (TimeSpan.FromHours(24), TimeSpan.FromHours(1)),
        ["30d"] = (TimeSpan.FromDays(30), TimeSpan.FromDays(1)),
    };

    /// <summary>What the API calls a state among figures; attempts that were deferred are counted each time.</summary>
    static readonly (string Name, RecipientState State)[] Outcomes =
    [
        ("sent", RecipientState.Accepted), ("captured", RecipientState.Captured), ("failed", RecipientState.Failed),
        ("expired", RecipientState.Expired), ("canceled", RecipientState.Canceled), ("suppressed", RecipientState.Suppressed),
    ];

    public static async Task<IResult> HandleAsync(HttpContext context, IStatistics statistics, QueueGauge gauge, TimeProvider clock)
    {
        var window = context.Request.Query["window"].ToString();
        if (!Windows.TryGetValue(window.Length == 0 ? "24h" : window, out var chosen))
        {
            var faults = new Faults();
            faults.Add("window", $"must be one of {string.Join(", ", Windows.Keys)}");
            return Problem.Invalid("invalid-request", faults);
        }

        var now = clock.GetUtcNow();
        var figures = await statistics.ReadAsync(now - chosen.Window, chosen.Step, now, context.RequestAborted);
        var waiting = figures.Totals.GetValueOrDefault(MessageStatus.Queued);
        var byStatus = new Dictionary<string, long>
        {
            ["queued"] = Math.Max(0, waiting - gauge.Sending),
            ["sending"] = gauge.Sending,
            ["deferred"] = figures.Totals.GetValueOrDefault(MessageStatus.Deferred),
        };
        foreach (var (name, state) in Outcomes)
        {
            byStatus[name] = figures.Outcomes.Where(outcome => outcome.State == state).Sum(outcome => outcome.Count);
        }

        return Results.Ok(new
        {
            byStatus,
            byTransport = figures.Outcomes.Where(outcome => outcome.Transport.Length > 0).GroupBy(outcome => outcome.Transport).ToDictionary(
                group => group.Key,
                group => group.ToDictionary(outcome => NameOf(outcome.State), outcome => outcome.Count)),
            oldestQueuedSeconds = figures.OldestDue is { } due ? (long)(now - due).TotalSeconds : 0,
            series = figures.Series.Select(step => new { step.At, Counts = step.Counts.ToDictionary(pair => NameOf(pair.Key), pair => pair.Value) }),
        });
    }

    static string NameOf(RecipientState state) => Outcomes.FirstOrDefault(outcome => outcome.State == state).Name ?? EnumText.Of(state);
}

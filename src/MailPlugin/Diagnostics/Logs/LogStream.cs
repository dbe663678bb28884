using System.Text.Json;
using MailPlugin.Http.Pipeline;
using MailPlugin.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MailPlugin.Diagnostics.Logs;

/// <summary>
/// Server-sent events: an entry each, its <c>id</c> the place to go on from; <c>event: gap</c> where some are missing; a comment when there is nothing to say for a while.
/// Ends with the host, and with the key or sign-in that opened it.
/// </summary>
/// <param name="seat">Given back at the end.</param>
internal sealed class LogStream(
    IDisposable seat, LogTail tail, LogFilter filter, CallerStanding standing, JsonSerializerOptions json, TimeProvider clock, CancellationToken hostStops) : IResult
{
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    static readonly TimeSpan Ask = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var place = seat;
        using var open = tail;
        var response = httpContext.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";

        // A reverse proxy that gathers answers would turn the tail into silence.
        response.Headers["X-Accel-Buffering"] = "no";
        if (httpContext.Features.Get<HeadersOnly>() is not null)
        {
            return;
        }

        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, hostStops);
        try
        {
            await WriteAsync(httpContext, new EventWriter(response.Body, json), ended.Token);
        }
        catch (OperationCanceledException) when (hostStops.IsCancellationRequested)
        {
            // The end of the answer is the end of the tail: a reader that is still there sees it end in order.
        }
    }

    async Task WriteAsync(HttpContext context, EventWriter events, CancellationToken cancellationToken)
    {
        var began = clock.GetUtcNow();
        var (asked, spoken) = (began, DateTimeOffset.MinValue);
        while (true)
        {
            var (lines, gap) = tail.Read();
            if (gap is not null)
            {
                events.Add("gap", gap);
            }

            foreach (var (line, behind) in lines.Where(read => filter.Matches(read.Line)))
            {
                events.Add(behind, LogEntry.Of(line));
            }

            var now = clock.GetUtcNow();
            if (events.IsEmpty && now - spoken >= Silence)
            {
                events.AddComment(tail.Place);
            }

            if (!events.IsEmpty)
            {
                await events.FlushAsync(cancellationToken);
                spoken = now;
            }

            if (now - asked >= Ask)
            {
                if (!await standing.HoldsAsync(context, began))
                {
                    return;
                }

                asked = now;
            }

            if (lines.Count == 0)
            {
                await Task.Delay(Look, clock, cancellationToken);
            }
        }
    }
}

using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MailPlugin.Diagnostics.Logs;

/// <summary><c>GET /logs/stream</c>: entries as they are written, from the end or from behind one that was seen.</summary>
internal static class FollowLog
{
    public static IResult Handle(
        HttpContext context, LogFolder folder, LogListeners listeners, CallerStanding standing, IHostApplicationLifetime host, IOptions<JsonOptions> json, TimeProvider clock)
    {
        var faults = new Faults();
        var filter = new LogFilterReader(context.Request.Query, faults).Following();
        var after = After(context.Request, faults);
        if (faults.Any)
        {
            return Problem.Invalid("invalid-request", faults);
        }

        return listeners.Enter() is { } place
            ? new LogStream(place, new LogTail(folder, after), filter, standing, json.Value.SerializerOptions, clock, host.ApplicationStopping)
            : Problem.RateLimited(LogListeners.Wait);
    }

    /// <summary>What a browser says by itself when it connects again goes before what its first address said.</summary>
    static LogPlace? After(HttpRequest request, Faults faults)
    {
        var text = request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : request.Query["after"].ToString();
        if (text.Length == 0 || LogPlace.Parse(text) is { })
        {
            return text.Length == 0 ? null : LogPlace.Parse(text);
        }

        faults.Add("after", "must be the id of an entry of this stream");
        return null;
    }
}

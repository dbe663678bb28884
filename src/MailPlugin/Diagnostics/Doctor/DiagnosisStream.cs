using System.Text;
using MailPlugin.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>Writes a diagnosis while it is made: a line of JSON for each step, sent at once. When the reader goes, the examination ends.</summary>
/// <param name="examination">Begun already; it ends with the request.</param>
/// <param name="place">Given back at the end.</param>
internal sealed class DiagnosisStream(Examination examination, IDisposable place) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var _ = place;
        var language = RequestLanguage.Of(httpContext);
        var response = httpContext.Response;
        response.ContentType = "application/x-ndjson; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentLanguage = language == Language.Chinese ? "zh-CN" : "en";

        // A reverse proxy that gathers answers would turn the steps into one silence.
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await foreach (var line in examination.Findings.AsTheyCome)
            {
                var json = line is Verdict verdict ? DiagnosisJson.Of(verdict, language) : DiagnosisJson.Of((DiagnosisStep)line, language);
                await response.Body.WriteAsync(Encoding.UTF8.GetBytes(json.ToJsonString(DiagnosisJson.Options) + "\n"), httpContext.RequestAborted);
                await response.Body.FlushAsync(httpContext.RequestAborted);
            }
        }
        finally
        {
            await examination.Ended;
        }
    }
}

/// <summary>An examination under way.</summary>
/// <param name="Findings">What it finds.</param>
/// <param name="Ended">Completes when it is over and kept; never faults.</param>
internal sealed record Examination(Findings Findings, Task Ended);

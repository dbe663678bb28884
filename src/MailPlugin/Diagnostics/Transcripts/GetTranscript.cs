using System.Text;
using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Diagnostics.Transcripts;

/// <summary><c>GET /transcripts/{id}</c>: as JSON, or as text for people and tickets; of a session that goes on, what was said until now.</summary>
internal static class GetTranscript
{
    public static async Task<IResult> HandleAsync(string id, HttpContext context, ITranscriptStore store, DebugTranscripts open)
    {
        if ((open.Find(id) ?? await store.FindAsync(id, context.RequestAborted)) is not { } transcript)
        {
            return Problem.NotFound();
        }

        context.Response.Headers.Vary = "Accept";
        return WantsText(context)
            ? Results.Text(AsText(transcript), "text/plain", Encoding.UTF8)
            : Results.Ok(transcript);
    }

    public static string AsText(Transcript transcript)
    {
        var text = new StringBuilder();
        foreach (var line in transcript.Lines)
        {
            text.Append(line.From switch
            {
                TranscriptSpeaker.Client => "C: ",
                TranscriptSpeaker.Server => "S: ",
                _ => "   ",
            });
            text.Append(line.Text).Append('\n');
        }

        return transcript.Truncated ? text.Append("   (more was said)\n").ToString() : text.ToString();
    }

    static bool WantsText(HttpContext context) =>
        context.Request.GetTypedHeaders().Accept.OrderByDescending(type => type.Quality ?? 1).FirstOrDefault() is { } first
        && first.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase);
}

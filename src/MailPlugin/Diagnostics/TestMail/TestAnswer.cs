using System.Security.Claims;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary>What is answered to a test, whatever it sent: what the relay said, or why it could not be used.</summary>
internal static class TestAnswer
{
    public static async Task<IResult> OfAsync(HttpContext context, ClaimsPrincipal caller, TestRequest request, TestResult result, TestJudge judge, IAuditLog audit)
    {
        if (!result.Outcome.Recipients.All(recipient => recipient.Verdict is Transports.RecipientVerdict.Accepted or Transports.RecipientVerdict.Captured))
        {
            return await RefusedAsync(context, caller, request, result, judge, audit);
        }

        return Results.Ok(new
        {
            ok = true,
            transport = request.Transport.Id,
            reply = result.Outcome.FinalReply?.ToString(),
            id = result.Id,
            messageId = result.MessageId,
            durationMs = (long)result.Duration.TotalMilliseconds,
            tls = result.Outcome.Tls,
            transcriptId = result.TranscriptId,
        });
    }

    static async Task<IResult> RefusedAsync(HttpContext context, ClaimsPrincipal caller, TestRequest request, TestResult result, TestJudge judge, IAuditLog audit)
    {
        var (cause, fix) = await judge.JudgeAsync(request, result, context.RequestAborted);
        var slug = FailureSlug.Of(result.Outcome);
        if (slug == "destination-not-allowed")
        {
            await audit.WriteAsync(caller.Name(), "test refused by the outbound policy", request.Transport.Id, result.Outcome.Fault?.Detail, context.RequestAborted);
        }

        return Problem.Of(slug, cause.Text) with { Extend = (json, language) => TestFailure.Write(json, request, result, cause, fix, language) };
    }
}

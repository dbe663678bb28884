using System.Security.Claims;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Options;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Settings;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Diagnostics.TestMail;

/// <summary><c>POST /test</c>: sends one mail by exactly one transport, saved or typed, and answers with what the relay said.</summary>
internal static class SendTest
{
    public static async Task<IResult> HandleAsync(
        HttpContext context, ClaimsPrincipal caller, ISettingsSource settings, MailPluginOptions options, TestGate gate, TestRun run, TestJudge judge, IAuditLog audit)
    {
        var (body, problem) = await RequestBody.ReadAsync(context, UpdateSettings.MaxBytes);
        using var _ = body;
        if (body is null)
        {
            return problem!;
        }

        var (request, refused) = TestRequest.Read(body.Root, settings.Current, caller, options.Outbound);
        if (request is null)
        {
            return refused!;
        }

        using var place = await gate.EnterAsync(caller.Name(), cost: 1, context.RequestAborted);
        if (place is null)
        {
            return Problem.RateLimited(TestGate.Wait);
        }

        var result = await run.SendAsync(request, RequestLanguage.Of(context), context.RequestAborted);
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

    static async Task<IResult> RefusedAsync(
        HttpContext context, ClaimsPrincipal caller, TestRequest request, TestResult result, TestJudge judge, IAuditLog audit)
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

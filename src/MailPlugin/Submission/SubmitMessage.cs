using System.Security.Claims;
using System.Security.Cryptography;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Pipeline;
using MailPlugin.Http.Problems;
using MailPlugin.Queue;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Submission;

internal static class SubmitMessage
{
    public static async Task<IResult> HandleAsync(HttpContext context, ClaimsPrincipal user, Submitter submitter)
    {
        var (body, unreadable) = await RequestBody.ReadAsync(context, SubmissionLimits.MaxRequestBytes);
        using var read = body;
        if (read is null)
        {
            return unreadable!;
        }

        var caller = Callers.Of(user);
        var faults = new Faults();
        var submission = SubmissionReader.Read(new JsonObjectReader(read.Root, "", faults), mayCarryKey: false);
        var key = context.Request.Headers["Idempotency-Key"];
        if (key.Count > 0 && !(key.Count == 1 && SubmissionRules.IsKey(key[0]!)))
        {
            faults.Add("Idempotency-Key", "must be one value of 1 to 255 printable ASCII characters");
            return Problem.Invalid("invalid-request", faults);
        }

        var mark = key.Count == 1 ? new IdempotencyMark(caller.Scope, key[0]!, SHA256.HashData(read.Bytes.Span)) : null;
        var result = (await submitter.SubmitAsync([new(submission, faults, mark)], caller, context.RequestAborted))[0];
        return result.Receipt is { } receipt ? new AcceptedAnswer(receipt) : result.Problem!;
    }

    /// <summary>202 with where to look.</summary>
    sealed class AcceptedAnswer(Abstractions.SubmissionReceipt receipt) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (receipt.Replayed)
            {
                httpContext.Response.Headers["Idempotency-Replayed"] = "true";
            }

            return Results.Accepted(MountPoint.LinkTo(httpContext, $"messages/{receipt.Id}"), ReceiptAnswer.Of(receipt)).ExecuteAsync(httpContext);
        }
    }
}

using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MailPlugin.Http;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Pipeline;
using MailPlugin.Http.Problems;
using MailPlugin.Queue;
using MailPlugin.Security.Keys;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Submission;

/// <summary>Many messages in one request and one commit; each has its own answer.</summary>
internal static class SubmitBatch
{
    public static async Task<IResult> HandleAsync(HttpContext context, ClaimsPrincipal user, Submitter submitter, KeyRates rates)
    {
        var (body, unreadable) = await RequestBody.ReadAsync(context, SubmissionLimits.MaxRequestBytes);
        using var read = body;
        if (read is null)
        {
            return unreadable!;
        }

        var faults = new Faults();
        var json = new JsonObjectReader(read.Root, "", faults);
        var items = json.Items("messages", SubmissionLimits.MaxBatch);
        json.Complete();
        if (items.Count == 0 && !faults.Any)
        {
            faults.Add("messages", "must have at least one item");
        }

        if (faults.Any)
        {
            return Problem.Invalid("invalid-message", faults);
        }

        if (context.Features.Get<ApiKey>() is { } key)
        {
            rates.Charge(key, items.Count - 1);
        }

        var caller = Callers.Of(user);
        var results = await submitter.SubmitAsync([.. items.Select(item => Request(item, caller))], caller, context.RequestAborted);
        return Whole(results) ?? (IResult)Results.Ok(new { results = results.Select((result, index) => Answer(context, result, index)) });
    }

    static SubmissionRequest Request(JsonElement item, SubmissionCaller caller)
    {
        var faults = new Faults();
        var submission = SubmissionReader.Read(new JsonObjectReader(item, "", faults), mayCarryKey: true);
        var mark = submission.IdempotencyKey is { } key && SubmissionRules.IsKey(key) ? new IdempotencyMark(caller.Scope, key, HashWithoutKey(item)) : null;
        return new(submission, faults, mark);
    }

    /// <summary>What the same message would hash to as a request of its own, written without blanks.</summary>
    static byte[] HashWithoutKey(JsonElement item)
    {
        var properties = item.EnumerateObject().Where(property => !property.NameEquals("idempotencyKey")).Select(property => $"{JsonSerializer.Serialize(property.Name)}:{property.Value.GetRawText()}");
        return SHA256.HashData(Encoding.UTF8.GetBytes($"{{{string.Join(',', properties)}}}"));
    }

    /// <summary>A refusal that concerns all is the answer to all: nothing was kept.</summary>
    static ProblemResult? Whole(IReadOnlyList<SubmissionResult> results) =>
        results.FirstOrDefault(result => result.Problem?.Type is { Status: StatusCodes.Status503ServiceUnavailable } or { Slug: "mail-disabled" })?.Problem;

    static BatchItem Answer(HttpContext context, SubmissionResult result, int index) => result.Receipt is { } receipt
        ? new(index, StatusCodes.Status202Accepted) { Id = receipt.Id, Replayed = receipt.Replayed ? true : null, Reason = receipt.Reason }
        : new(index, result.Problem!.Type.Status)
        {
            Problem = result.Problem.ToJson(MountPoint.BasePathOf(context), RequestLanguage.Of(context)),
        };

    sealed record BatchItem(int Index, int Status)
    {
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Id { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public bool? Replayed { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Reason { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public JsonObject? Problem { get; init; }
    }
}

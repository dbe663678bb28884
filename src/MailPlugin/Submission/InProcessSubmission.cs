using System.Security.Cryptography;
using System.Text.Json;
using MailPlugin.Abstractions;
using MailPlugin.Http;
using MailPlugin.Queue;

namespace MailPlugin.Submission;

/// <summary>The door for the host's own code: the same rules and the same durability, a refusal as an exception.</summary>
internal sealed class InProcessSubmission(Submitter submitter) : IMailSubmission
{
    public async Task<SubmissionReceipt> SubmitAsync(MailSubmission submission, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(submission);
        var caller = new SubmissionCaller("", $"source:{submission.Source}");
        var mark = submission.IdempotencyKey is { } key && SubmissionRules.IsKey(key) ? new IdempotencyMark(caller.Scope, key, Hash(submission)) : null;
        var results = await submitter.SubmitAsync([new(submission, new(), mark)], caller, cancellationToken);
        return results[0].Receipt ?? throw Refusal(results[0]);
    }

    static byte[] Hash(MailSubmission submission) => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(submission with { IdempotencyKey = null }));

    static SubmissionRejectedException Refusal(SubmissionResult result)
    {
        var problem = result.Problem!;
        return new(problem.Type.Slug, (problem.Detail ?? problem.Type.Explanation).In(Language.English), problem.Errors);
    }
}

using MailPlugin.Abstractions;
using MailPlugin.Queue;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Submission;

/// <summary>A submission that broke no rule, ready to be composed.</summary>
/// <param name="Recipients">The envelope.</param>
/// <param name="EnvelopeFrom">What the submission asks for; null: nothing.</param>
internal sealed record ValidSubmission(MailSubmission Submission, MessageDraft Draft, IReadOnlyList<Recipient> Recipients, string? EnvelopeFrom, bool FromIsDefault);

/// <summary>Who submits.</summary>
/// <param name="Owner">Id of the API key; empty in process.</param>
/// <param name="Scope">Idempotency keys are per scope: API key, sign-in, or source.</param>
internal sealed record SubmissionCaller(string Owner, string Scope)
{
    /// <summary>The only authors it may name; empty: any.</summary>
    public IReadOnlyCollection<string> AllowedFrom { get; init; } = [];
}

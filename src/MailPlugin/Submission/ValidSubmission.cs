using MailPlugin.Abstractions;
using MailPlugin.Queue;
using MailPlugin.Smtp.Mime;

namespace MailPlugin.Submission;

/// <summary>A submission that broke no rule, ready to be composed.</summary>
/// <param name="Recipients">The envelope.</param>
/// <param name="EnvelopeFrom">What the submission asks for; null: nothing.</param>
internal sealed record ValidSubmission(MailSubmission Submission, MessageDraft Draft, IReadOnlyList<Recipient> Recipients, string? EnvelopeFrom, bool FromIsDefault)
{
    /// <summary>The one transport it may use; empty: any, in the settings' order.</summary>
    public string Transport { get; init; } = "";

    public MailPriority Priority { get; init; } = MailPriority.Normal;

    /// <summary>Its template is switched off: nothing of it leaves.</summary>
    public bool IsSwitchedOff { get; init; }

    /// <summary>False: the content is forgotten as soon as nothing is left to send.</summary>
    public bool KeepsContent { get; init; } = true;
}

/// <summary>Who submits.</summary>
/// <param name="Owner">Id of the API key; empty in process.</param>
/// <param name="Scope">Idempotency keys are per scope: API key, sign-in, or source.</param>
internal sealed record SubmissionCaller(string Owner, string Scope)
{
    /// <summary>The only authors it may name; empty: any.</summary>
    public IReadOnlyCollection<string> AllowedFrom { get; init; } = [];
}

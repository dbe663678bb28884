namespace MailPlugin.Abstractions;

/// <summary>Takes mail from the host's own code and from other plugins, with the rules and the durability of <c>POST /messages</c>.</summary>
public interface IMailSubmission
{
    /// <summary>Validates, composes and enqueues one message. When the task completes, the message is on disk (fsync) and is the plugin's to deliver.</summary>
    /// <param name="submission">The message. It is read during the call and may be changed or reused afterwards.</param>
    /// <param name="cancellationToken">Ends the wait. A message whose commit had already begun may nevertheless be enqueued.</param>
    /// <exception cref="SubmissionRejectedException">The submission breaks a rule, mail is switched off, or the queue cannot take it; nothing was kept.</exception>
    /// <remarks>Safe for concurrent use; concurrent submissions share a commit.</remarks>
    Task<SubmissionReceipt> SubmitAsync(MailSubmission submission, CancellationToken cancellationToken = default);
}

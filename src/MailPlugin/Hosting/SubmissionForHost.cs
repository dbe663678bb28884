using MailPlugin.Abstractions;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Hosting;

/// <summary>What the host's container hands out as <see cref="IMailSubmission"/>: it leads into the plugin's own.</summary>
internal sealed class SubmissionForHost(PluginRuntime runtime) : IMailSubmission
{
    public Task<SubmissionReceipt> SubmitAsync(MailSubmission submission, CancellationToken cancellationToken = default) =>
        runtime.Services is { } services
            ? services.GetRequiredService<IMailSubmission>().SubmitAsync(submission, cancellationToken)
            : throw new SubmissionRejectedException("queue-unavailable", "The mail queue is not open: the host starts or stops, or the store cannot be opened.");
}

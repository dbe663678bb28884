using MailPlugin.Abstractions;
using MailPlugin.Nodes;
using MailPlugin.Options;
using MailPlugin.Templates;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MailPlugin.Submission;

internal static class SubmissionSlice
{
    public static void Add(IServiceCollection services)
    {
        services.TryAddSingleton(new SubmissionLimits());
        services.TryAddSingleton<IStoreChanges, SingleNode>();
        services.AddSingleton<IMailSetup, MailSetup>();
        services.AddSingleton<ITemplateRendering, TemplateRendering>();
        services.AddSingleton(provider => new DiskGauge(
            provider.GetRequiredService<DataFolder>().Path, provider.GetRequiredService<SubmissionLimits>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SubmissionRules>();
        services.AddSingleton<Submitter>();
        services.AddSingleton<IMailSubmission, InProcessSubmission>();
    }
}

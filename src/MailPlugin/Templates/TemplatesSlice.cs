using MailPlugin.Abstractions;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Rendering;
using MailPlugin.Templates.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace MailPlugin.Templates;

internal static class TemplatesSlice
{
    /// <param name="services">The plugin's.</param>
    /// <param name="sources">What the host and its other plugins bring.</param>
    public static void Add(IServiceCollection services, Func<IEnumerable<IMailTemplateSource>> sources)
    {
        services.AddSingleton(new HostTemplates(sources));
        services.AddSingleton<TemplateWorkshop>();
        services.AddSingleton<TemplateRegister>();
        services.AddSingleton<TemplateRenderer>();
    }
}

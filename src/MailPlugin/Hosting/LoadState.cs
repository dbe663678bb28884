using MailPlugin.Diagnostics.Debug;
using MailPlugin.Security.Keys;
using MailPlugin.Settings.Store;
using MailPlugin.Templates.Catalog;
using Microsoft.Extensions.Hosting;

namespace MailPlugin.Hosting;

/// <summary>Reads what the plugin keeps in memory, before anything else of it starts.</summary>
internal sealed class LoadState(SettingsRegister settings, TemplateRegister templates, FirstAdminKey firstKey, KeyRegister keys, DebugSwitch debug) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await settings.LoadAsync(cancellationToken);
        await templates.LoadAsync(cancellationToken);
        await firstKey.EnsureAsync(cancellationToken);
        await keys.LoadAsync(cancellationToken);
        await debug.LoadAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

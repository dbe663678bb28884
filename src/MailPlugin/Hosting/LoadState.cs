using System.Security.Cryptography;
using MailPlugin.Diagnostics.Debug;
using MailPlugin.Nodes;
using MailPlugin.Security.Keys;
using MailPlugin.Security.Secrets;
using MailPlugin.Settings.Store;
using MailPlugin.Templates.Catalog;
using Microsoft.Extensions.Hosting;

namespace MailPlugin.Hosting;

/// <summary>Reads what the plugin keeps in memory, before anything else of it starts.</summary>
internal sealed class LoadState(
    ISecretProtector protector, INodeLock nodes, SettingsRegister settings, TemplateRegister templates, FirstAdminKey firstKey, KeyRegister keys, DebugSwitch debug) : IHostedService
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await StartKeyRingAsync(cancellationToken);
        await settings.LoadAsync(cancellationToken);
        await templates.LoadAsync(cancellationToken);
        await firstKey.EnsureAsync(cancellationToken);
        await keys.LoadAsync(cancellationToken);
        await debug.LoadAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Of nodes that start on an empty store one makes the first key. Each with one of its own would not know what the others protect.</summary>
    async Task StartKeyRingAsync(CancellationToken cancellationToken)
    {
        await using var alone = await nodes.TakeAsync("key-ring", Longest, cancellationToken);
        try
        {
            protector.Protect("start", [1]);
        }
        catch (CryptographicException)
        {
            // Health says so; mail that needs no secret goes on.
        }
    }
}

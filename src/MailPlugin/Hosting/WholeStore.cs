using MailPlugin.Storage;
using MailPlugin.Storage.Moving;
using Microsoft.Extensions.Hosting;

namespace MailPlugin.Hosting;

/// <summary>No node works on a store that another one is only half moved into.</summary>
internal sealed class WholeStore(IDatabase database) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => new NewStore(database).RefuseHalfMovedAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

using MailPlugin.Abstractions;
using Microsoft.Extensions.DependencyInjection;

namespace WrongContractPlugin;

/// <summary>Made for a contract that does not exist yet: a host that runs any of this has not looked at the manifest.</summary>
public sealed class Entry : IHostPlugin
{
    public Entry() => throw new InvalidOperationException("the entry was made");

    public void ConfigureServices(IServiceCollection services, HostPluginContext context) =>
        throw new InvalidOperationException("the entry was called");
}

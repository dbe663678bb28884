using MailPlugin.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FaultyPlugin;

/// <summary>Entries that go wrong, each at another moment. The tests name one of them in the manifest.</summary>
public abstract class Quiet : IHostPlugin
{
    public virtual void ConfigureServices(IServiceCollection services, HostPluginContext context)
    {
    }
}

public sealed class ThrowsInConstructor : Quiet
{
    public ThrowsInConstructor() => throw new InvalidOperationException("no constructor today");
}

public sealed class ThrowsInTypeInitializer : Quiet
{
    static ThrowsInTypeInitializer() => Fail();

    static void Fail() => throw new InvalidOperationException("no type today");
}

public sealed class ThrowsInConfigureServices : Quiet
{
    public override void ConfigureServices(IServiceCollection services, HostPluginContext context)
    {
        var theHosts = services.First(descriptor => descriptor.ServiceType == typeof(IHostEnvironment));
        services.Remove(theHosts);
        services.AddSingleton(new LeftBehind());
        throw new InvalidOperationException("no services\ntoday");
    }
}

public sealed class ThrowsWhenTheHostStarts : Quiet
{
    public override void ConfigureServices(IServiceCollection services, HostPluginContext context) =>
        services.AddSingleton<IHostedService, RefusesToStart>();
}

public sealed class HasNoUsableConstructor(string text) : Quiet
{
    public override string ToString() => text;
}

public sealed class IsNoPlugin;

internal sealed class IsNotPublic : Quiet;

public sealed class LeftBehind;

internal sealed class RefusesToStart : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => throw new InvalidOperationException("no start today");

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

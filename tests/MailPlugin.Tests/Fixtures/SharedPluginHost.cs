namespace MailPlugin.Tests.Fixtures;

/// <summary>One host for the tests of a class that leave nothing behind which another would trip over.</summary>
public sealed class SharedPluginHost : IAsyncLifetime
{
    internal PluginHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await PluginHost.StartAsync();

    public Task DisposeAsync() => Host.DisposeAsync().AsTask();
}

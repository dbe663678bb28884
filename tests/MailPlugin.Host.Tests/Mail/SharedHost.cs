using System.Text.Json.Nodes;

namespace MailPlugin.Host.Tests.Mail;

/// <summary>One built host for a class whose tests bring their own settings: a host's start costs more than most of them.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    string? cookie;

    internal MailHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await MailHost.StartAsync();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    /// <summary>The host without settings, not paused and with debug off, whatever the test before has left.</summary>
    internal async Task<MailHost> EmptyAsync()
    {
        Answer[] answers =
        [
            await Host.SaveAsync([]),
            await Host.SendAsync(HttpMethod.Put, "debug", new JsonObject { ["enabled"] = false }),
            await Host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = false }),
        ];
        Assert.All(answers, answer => Assert.True(answer.Status == 200, answer.Text));
        return Host;
    }

    /// <summary>The cookie of one sign-in for all tests of the class.</summary>
    internal async Task<string> SignInAsync() => cookie ??= await Host.SignInAsync();
}

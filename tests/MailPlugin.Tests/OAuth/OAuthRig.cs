using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.OAuth;

/// <summary>A plugin, a provider and a relay that takes the provider's tokens alone.</summary>
internal sealed class OAuthRig : IAsyncDisposable
{
    readonly Dictionary<string, string?>? _options;
    readonly TempFolder _temp = new();

    OAuthRig(TokenServer provider, TokenRelay relay, Dictionary<string, string?>? options) => (Provider, Relay, _options) = (provider, relay, options);

    public TokenServer Provider { get; }

    public TokenRelay Relay { get; }

    public PluginHost Host { get; private set; } = null!;

    /// <summary>Database, keys and logs.</summary>
    public string Data => _temp.Of("data");

    public static async Task<OAuthRig> StartAsync(
        JsonObject oauth, TokenServer? provider = null, string mechanisms = "XOAUTH2 OAUTHBEARER", Dictionary<string, string?>? options = null, Func<string, bool>? takes = null, int? port = null)
    {
        provider ??= new TokenServer();
        var relay = new TokenRelay(takes ?? provider.Gave, mechanisms);
        var rig = new OAuthRig(provider, relay, options);
        rig.Host = await PluginHost.StartAsync(options, data: rig.Data);
        var saved = await rig.Host.SaveAsync(rig.Settings(oauth, port: port));
        Assert.True(saved.Status == 200, saved.Text);
        return rig;
    }

    /// <summary>Settings with one transport, whose addresses are the provider's unless they say otherwise.</summary>
    public JsonObject Settings(JsonObject oauth, string host = "localhost", int? port = null)
    {
        var whole = new JsonObject
        {
            ["provider"] = "example",
            ["tokenUrl"] = Provider.TokenUrl.AbsoluteUri,
            ["authorizeUrl"] = Provider.AuthorizeUrl.AbsoluteUri,
            ["deviceUrl"] = Provider.DeviceUrl.AbsoluteUri,
            ["revokeUrl"] = Provider.RevokeUrl.AbsoluteUri,
            ["clientId"] = Provider.ClientId,
            ["clientSecret"] = Provider.ClientSecret,
            ["scopes"] = new JsonArray("mail.send", "offline_access"),
            ["account"] = "mailer@example.com",
            ["caPem"] = TestCertificates.Shared.AuthorityPem,
        };
        foreach (var (name, value) in oauth)
        {
            whole[name] = value?.DeepClone();
        }

        return new()
        {
            ["from"] = new JsonObject { ["address"] = "mailer@example.com" },
            ["adminAddress"] = "admin@example.com",
            ["transports"] = new JsonArray(new JsonObject
            {
                ["id"] = "cloud",
                ["name"] = "Cloud",
                ["mode"] = "smtp",
                ["smtp"] = new JsonObject
                {
                    ["host"] = host,
                    ["port"] = port ?? Relay.Port,
                    ["security"] = "implicitTls",
                    ["certificate"] = new JsonObject { ["trust"] = "customCa", ["caPem"] = TestCertificates.Shared.AuthorityPem },
                    ["timeoutSeconds"] = 10,
                    ["oauth"] = whole,
                },
            }),
        };
    }

    /// <summary>Does something while the plugin is not there, and starts it again with the same data.</summary>
    public async Task BetweenAsync(Func<Task> work)
    {
        await Host.DisposeAsync();
        await work();
        Host = await PluginHost.StartAsync(_options, data: Data);
    }

    public Task<Answer> TestAsync(JsonObject? settings = null)
    {
        var body = new JsonObject { ["to"] = "you@example.com" };
        if (settings is not null)
        {
            body["settings"] = settings;
        }

        return Host.PostAsync("test", body);
    }

    public Task<Answer> StateAsync() => Host.GetAsync("oauth/cloud");

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await Relay.DisposeAsync();
        await Provider.DisposeAsync();
        _temp.Dispose();
    }
}

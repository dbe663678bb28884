using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;
using MailPlugin.Settings;
using MailPlugin.Settings.Reading;

namespace MailPlugin.Tests.Settings;

/// <summary>What may stand in <c>smtp.oauth</c>.</summary>
public sealed class OAuthReaderTests
{
    const string Path = "transports[id=cloud].smtp";

    [Fact]
    public void A_known_provider_brings_its_addresses_and_scopes()
    {
        var (settings, errors) = Read(new() { ["provider"] = "microsoft", ["flow"] = "clientCredentials", ["clientId"] = "id", ["account"] = "a@example.com" });

        Assert.Empty(errors);
        Assert.Equal("https://login.microsoftonline.com/common/oauth2/v2.0/token", settings!.TokenUrl.AbsoluteUri);
        Assert.Equal("https://outlook.office365.com/.default", settings.Scope);
    }

    [Fact]
    public void Google_has_no_device_flow_for_mail()
    {
        var (_, errors) = Read(new() { ["provider"] = "google", ["flow"] = "deviceCode", ["clientId"] = "id", ["account"] = "a@example.com" });

        Assert.Equal([$"{Path}.oauth.deviceUrl"], errors);
    }

    [Fact]
    public void Another_provider_brings_its_own()
    {
        var (_, errors) = Read(new() { ["provider"] = "example", ["account"] = "a@example.com" });

        Assert.Equal(["clientId", "flow", "tokenUrl"], errors.Select(path => path.Split('.')[^1]).Order());
    }

    [Theory]
    [InlineData("tokenUrl", "http://login.example.com/token")]
    [InlineData("tokenUrl", "login.example.com")]
    [InlineData("tokenUrl", "https://user:pass@login.example.com/")]
    [InlineData("authorizeUrl", "javascript:alert(1)")]
    [InlineData("deviceUrl", "file:///etc/passwd")]
    [InlineData("revokeUrl", "https://example.com/#x")]
    [InlineData("clientId", "")]
    [InlineData("clientId", "a\nb")]
    [InlineData("flow", "password")]
    [InlineData("flow", 1)]
    [InlineData("scopes", "a \u0001")]
    [InlineData("scopes", 5)]
    [InlineData("privateKey", "no key")]
    [InlineData("caPem", "no certificate")]
    [InlineData("account", "a\r\nb")]
    [InlineData("tenant", "x")]
    public void A_wrong_value_is_told_at_its_property(string name, object value)
    {
        var oauth = new JsonObject { ["provider"] = "microsoft", ["flow"] = "clientCredentials", ["clientId"] = "id", ["account"] = "a@example.com" };
        oauth[name] = JsonValue.Create(value);

        Assert.Equal([$"{Path}.oauth.{name}"], Read(oauth).Errors.Where(path => path != $"{Path}.oauth.account" || name == "account"));
    }

    [Theory]
    [InlineData("plain", "auth")]
    [InlineData("none", "auth")]
    public void A_password_method_does_not_go_with_it(string auth, string wrong)
    {
        var (_, errors) = Read(new() { ["provider"] = "google", ["flow"] = "authorizationCode", ["clientId"] = "id", ["account"] = "a@example.com" }, auth);

        Assert.Equal([$"{Path}.{wrong}"], errors);
    }

    [Theory]
    [InlineData("xoauth2")]
    [InlineData("oauthBearer")]
    public void A_token_method_needs_it(string auth) => Assert.Equal([$"{Path}.oauth"], Read(null, auth).Errors);

    [Fact]
    public void Somebody_has_to_sign_in()
    {
        Assert.Equal([$"{Path}.oauth.account"], Read(new() { ["provider"] = "google", ["flow"] = "authorizationCode", ["clientId"] = "id" }).Errors);
    }

    static (OAuthSettings? Settings, IReadOnlyCollection<string> Errors) Read(JsonObject? oauth, string auth = "auto")
    {
        var settings = new JsonObject
        {
            ["transports"] = new JsonArray(new JsonObject
            {
                ["id"] = "cloud",
                ["name"] = "Cloud",
                ["mode"] = "smtp",
                ["smtp"] = new JsonObject { ["host"] = "smtp.example.com", ["auth"] = auth, ["oauth"] = oauth },
            }),
        };
        var faults = new Faults();
        using var document = JsonDocument.Parse(settings.ToJsonString());
        var read = SettingsReader.Read(document.RootElement, faults);
        return (read.Transports[0].Smtp?.OAuth, [.. faults.ToErrors().Keys]);
    }
}

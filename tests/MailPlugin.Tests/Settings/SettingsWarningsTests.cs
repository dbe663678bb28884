using MailPlugin.Settings;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Settings;

public sealed class SettingsWarningsTests
{
    const string Smtp = "transports[id=primary].smtp";

    [Theory]
    [InlineData("startTls", "auto", false, "")]
    [InlineData("auto", "auto", false, "")]
    [InlineData("none", "auto", false, $"{Smtp}.security")]
    [InlineData("startTlsIfOffered", "auto", false, $"{Smtp}.security")]
    [InlineData("none", "auto", true, $"{Smtp}.allowPlaintextAuth")]
    [InlineData("none", "none", false, "")]
    [InlineData("none", "none", true, "")]
    public void A_password_without_sure_protection_is_warned_of(string security, string auth, bool allowed, string expected)
    {
        var settings = Bodies.Sound(Bodies.Smtp(smtp =>
        {
            smtp["security"] = security;
            smtp["auth"] = auth;
            smtp["allowPlaintextAuth"] = allowed;
        }));

        Assert.Equal(expected, string.Join('|', SettingsWarnings.Of(settings).Select(warning => warning.Path)));
    }

    [Fact]
    public void A_user_name_without_a_password_is_warned_of() =>
        Assert.Equal([$"{Smtp}.password"], SettingsWarnings.Of(Bodies.Sound(Bodies.Smtp(smtp => smtp["password"] = ""))).Select(warning => warning.Path));

    [Fact]
    public void A_missing_From_is_warned_of_in_both_languages()
    {
        var body = Bodies.Smtp();
        body.Remove("from");

        var (path, text) = Assert.Single(SettingsWarnings.Of(Bodies.Sound(body)));

        Assert.Equal("from", path);
        Assert.NotEqual(text.English, text.Chinese);
    }
}

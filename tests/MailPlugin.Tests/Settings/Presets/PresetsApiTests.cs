using System.Text.Json.Nodes;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Settings.Presets;

/// <summary><c>GET /presets</c>.</summary>
public sealed class PresetsApiTests
{
    [Fact]
    public async Task A_key_that_may_read_sees_all_providers()
    {
        await using var host = await PluginHost.StartAsync();

        var answer = await host.GetAsync("presets", await host.NewKeyAsync("read")).AsAsync("GET", "presets", 200);

        var items = answer.Json["items"]!.AsArray();
        Assert.InRange(items.Count, 40, int.MaxValue);
        var qq = Of(items, "qq");
        Assert.Equal(["smtp.qq.com"], qq["hosts"]!.AsArray().Select(host => host!.GetValue<string>()));
        Assert.Equal((465, "implicitTls"), (qq["ports"]![0]!["port"]!.GetValue<int>(), qq["ports"]![0]!["security"]!.GetValue<string>()));
        Assert.Equal(("address", "authorisationCode", "login"), (qq["username"]!.GetValue<string>(), qq["credential"]!.GetValue<string>(), qq["from"]!.GetValue<string>()));
        Assert.NotEmpty(Of(items, "yeah")["unverified"]!.AsArray());
    }

    [Fact]
    public async Task A_key_that_may_only_send_does_not()
    {
        await using var host = await PluginHost.StartAsync();

        await host.GetAsync("presets", await host.NewKeyAsync("send")).AsAsync("GET", "presets", 403);
        await host.SendAsync(HttpMethod.Get, "presets").AsAsync("GET", "presets", 401);
    }

    [Fact]
    public async Task TB_8_DirectMail_and_SendGrid_are_set_up_step_by_step_in_the_callers_language()
    {
        await using var host = await PluginHost.StartAsync();

        var english = await host.GetAsync("presets").AsAsync("GET", "presets", 200);
        var chinese = await host.SendAsync(HttpMethod.Get, "presets", key: host.Key, prepare: request => request.Headers.AcceptLanguage.ParseAdd("zh-CN, en;q=0.5")).AsAsync("GET", "presets", 200);

        Assert.All(new[] { "directmail", "sendgrid" }, id =>
        {
            var preset = Of(english.Json["items"]!.AsArray(), id);
            Assert.Equal(5, preset["steps"]!["en"]!.AsArray().Count);
            Assert.Equal(5, preset["steps"]!["zh"]!.AsArray().Count);
        });
        Assert.Equal("Aliyun DirectMail", Of(english.Json["items"]!.AsArray(), "directmail")["name"]!.GetValue<string>());
        Assert.Equal("阿里云邮件推送", Of(chinese.Json["items"]!.AsArray(), "directmail")["name"]!.GetValue<string>());
        Assert.Contains("Accept-Language", chinese.Header("Vary"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_is_small_on_the_wire_and_other_answers_are_not_compressed()
    {
        await using var host = await PluginHost.StartAsync();

        var presets = await PackedAsync("presets");
        var settings = await PackedAsync("settings");

        Assert.Equal("br", presets.Header("Content-Encoding"));
        Assert.Null(settings.Header("Content-Encoding"));

        Task<Answer> PackedAsync(string path) => host.SendAsync(HttpMethod.Get, path, key: host.Key, prepare: request => request.Headers.AcceptEncoding.ParseAdd("br"));
    }

    [Theory]
    [InlineData("2026-06-01", false)]
    [InlineData("2026-11-21", true)]
    [InlineData("2027-02-01", true)]
    public async Task A_warning_is_computed_from_the_hosts_clock(string today, bool warns)
    {
        var clock = new ManualClock(DateTimeOffset.Parse($"{today}T08:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var host = await PluginHost.StartAsync(clock: clock);

        var items = (await host.GetAsync("presets").AsAsync("GET", "presets", 200)).Json["items"]!.AsArray();

        Assert.Equal(warns, Of(items, "microsoft365")["warning"] is not null);
        Assert.NotNull(Of(items, "outlook")["warning"]);
        Assert.Null(Of(items, "qq")["warning"]);
        if (today == "2026-11-21")
        {
            Assert.Contains("40", Of(items, "microsoft365")["warning"]!.GetValue<string>(), StringComparison.Ordinal);
        }
    }

    static JsonNode Of(JsonArray items, string id) => items.Single(item => item!["id"]!.GetValue<string>() == id)!;
}

using System.Text.Json.Nodes;
using MailPlugin.Settings;
using MailPlugin.Settings.Versions;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Settings.Versions;

public sealed class SettingsDiffTests
{
    [Fact]
    public void The_same_settings_differ_in_nothing() =>
        Assert.Empty(SettingsDiff.Between(Bodies.Stored(Bodies.Full()), Bodies.Stored(Bodies.Full())));

    [Theory]
    [InlineData("password")]
    [InlineData("proxy.password")]
    public void A_secret_that_was_set_changed_or_cleared_is_told_by_its_path_alone(string secret)
    {
        foreach (var (before, after) in new[] { ("a", "b"), ("", "b"), ("a", "") })
        {
            var change = Assert.Single(SettingsDiff.Between(With(before), With(after)));
            Assert.Equal(
                ($"transports[id=primary].smtp.{secret}", SettingsChangeKind.Changed, true, null, null),
                (change.Path, change.Kind, change.IsSecret, change.Before, change.After));
        }

        MailSettings With(string value) => Bodies.Stored(Bodies.Smtp(smtp =>
        {
            smtp["proxy"] = new JsonObject { ["type"] = "http", ["host"] = "proxy.example", ["port"] = 3128, ["password"] = "p" };
            var holder = secret.Contains('.', StringComparison.Ordinal) ? smtp["proxy"]!.AsObject() : smtp;
            holder["password"] = value;
        }));
    }

    [Fact]
    public void Another_order_of_transports_is_a_change()
    {
        var change = Assert.Single(SettingsDiff.Between(Two("a", "b"), Two("b", "a")));

        Assert.Equal(("transports", """["a","b"]""", """["b","a"]"""), (change.Path, change.Before!.ToJsonString(), change.After!.ToJsonString()));
    }

    [Fact]
    public void One_transport_less_is_no_other_order() =>
        Assert.Equal(["transports[id=a]"], SettingsDiff.Between(Two("a", "b"), Two("b")).Select(change => change.Path));

    [Fact]
    public void A_block_that_came_is_one_change()
    {
        var change = Assert.Single(SettingsDiff.Between(
            Bodies.Stored(Bodies.Smtp()), Bodies.Stored(Bodies.Smtp(smtp => smtp["proxy"] = new JsonObject { ["type"] = "http", ["host"] = "proxy.example", ["port"] = 3128 }))));

        Assert.Equal(("transports[id=primary].smtp.proxy", SettingsChangeKind.Added), (change.Path, change.Kind));
    }

    [Fact]
    public void A_summary_has_an_end()
    {
        var many = new JsonArray([.. Enumerable.Range(0, 32).Select(number =>
            JsonNode.Parse($$"""{ "id": "{{new string('t', 40)}}{{number}}", "mode": "smtp", "smtp": { "host": "h.example" } }"""))]);

        var summary = SettingsDiff.Summary(SettingsDiff.Between(MailSettings.Empty, Bodies.Stored(new JsonObject { ["transports"] = many })));

        Assert.InRange(summary.Length, 900, 1100);
        Assert.EndsWith("more", summary, StringComparison.Ordinal);
    }

    static MailSettings Two(params string[] ids) => Bodies.Stored(new JsonObject
    {
        ["transports"] = new JsonArray([.. ids.Select(id => new JsonObject { ["id"] = id, ["mode"] = "smtp", ["smtp"] = new JsonObject { ["host"] = $"{id}.example" } })]),
    });
}

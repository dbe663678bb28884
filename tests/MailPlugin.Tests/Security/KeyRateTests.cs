using System.Text.Json.Nodes;
using MailPlugin.Security;
using MailPlugin.Security.Keys;
using MailPlugin.Tests.Fixtures;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Security;

public sealed class KeyRateTests
{
    readonly ManualClock _clock = new();

    [Fact]
    public void A_key_gets_its_rate_at_once_and_then_one_by_one()
    {
        var rates = new KeyRates(_clock);
        var key = Key("k_1", 3);

        Assert.All(Enumerable.Range(0, 3), _ => Assert.Null(rates.Refuse(key)));
        Assert.Equal(20, rates.Refuse(key)!.Value.TotalSeconds, 3);
        Assert.Null(rates.Refuse(Key("k_2", 3)));
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(rates.Refuse(key));
        Assert.NotNull(rates.Refuse(key));
    }

    [Fact]
    public void What_a_batch_carried_is_waited_for()
    {
        var rates = new KeyRates(_clock);
        var key = Key("k_1", 60);

        Assert.Null(rates.Refuse(key));
        rates.Charge(key, 119);
        Assert.Equal(61, rates.Refuse(key)!.Value.TotalSeconds, 3);
    }

    [Fact]
    public void A_key_without_a_rate_is_never_refused()
    {
        var rates = new KeyRates(_clock);
        Assert.All(Enumerable.Range(0, 1_000), _ => Assert.Null(rates.Refuse(Key("k_1", null))));
    }

    [Fact]
    public async Task A_key_that_sends_too_often_is_answered_429_with_the_time_to_wait()
    {
        await using var host = await PluginHost.StartAsync(clock: new ManualClock());
        var made = await host.PostAsync("keys", new JsonObject { ["name"] = "app", ["scopes"] = new JsonArray("send"), ["ratePerMinute"] = 2 });
        var key = made["key"]!;

        Assert.Equal(404, (await host.GetAsync("messages/m_none", key)).Status);
        Assert.Equal(404, (await host.GetAsync("messages/m_none", key)).Status);
        var answer = await host.GetAsync("messages/m_none", key);
        Assert.Equal((429, "rate-limited", "30"), (answer.Status, answer.Slug, answer.Header("Retry-After")));
        Assert.Equal(200, (await host.GetAsync("health", key)).Status);
        Assert.Equal(200, (await host.GetAsync("settings")).Status);
    }

    ApiKey Key(string id, int? ratePerMinute) =>
        new() { Id = id, Name = id, Hash = [], Scopes = [Scopes.Send], CreatedAt = _clock.GetUtcNow(), RatePerMinute = ratePerMinute };
}

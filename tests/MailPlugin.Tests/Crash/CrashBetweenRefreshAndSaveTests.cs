using System.Text.Json.Nodes;
using MailPlugin.TestBed;
using MailPlugin.Tests.OAuth;
using MailPlugin.Tests.Support;

namespace MailPlugin.Tests.Crash;

/// <summary>
/// A process is killed when the provider has answered with a new refresh token and the store has it not yet, before its commit, and right behind it; another one opens what it left. A provider that
/// takes the refresh token before the last once more loses nobody; at one that does not, a person has to sign in, and the mail waits.
/// </summary>
public sealed class CrashBetweenRefreshAndSaveTests
{
    const int BeforeItsStatement = 1;
    const int BeforeItsCommit = 2;
    const int BehindItsCommit = 3;

    [Theory]
    [InlineData(BeforeItsStatement)]
    [InlineData(BeforeItsCommit)]
    [InlineData(BehindItsCommit)]
    public async Task A_provider_that_takes_the_last_but_one_goes_on_wherever_the_process_is_killed(int point)
    {
        await using var rig = await KilledAsync(point, isStrict: false);

        await ExpectStatusAsync(rig, await SubmitAsync(rig), "sent");
        Assert.Equal("true", (await rig.StateAsync())["signedIn"]);
    }

    [Fact]
    public async Task What_was_committed_is_used_at_a_strict_provider_too()
    {
        await using var rig = await KilledAsync(BehindItsCommit, isStrict: true);

        await ExpectStatusAsync(rig, await SubmitAsync(rig), "sent");
    }

    [Theory]
    [InlineData(BeforeItsStatement)]
    [InlineData(BeforeItsCommit)]
    public async Task At_a_strict_provider_a_person_has_to_sign_in_and_the_mail_waits_for_it(int point)
    {
        await using var rig = await KilledAsync(point, isStrict: true);

        var id = await SubmitAsync(rig);

        var transport = await Eventually.SeeAsync(
            async () => (await rig.Host.GetAsync("transports")).Json["items"]![0]!, seen => seen["state"]!.GetValue<string>() == "suspended", "the transport's state");
        Assert.Contains("mailer@example.com has to sign in at example again", transport["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("false", (await rig.StateAsync())["signedIn"]);
        await ExpectStatusAsync(rig, id, "deferred");

        // The person brings another one.
        rig.Provider.Know("another-canary");
        var settings = (await rig.Host.GetAsync("settings")).Json;
        settings["transports"]![0]!["smtp"]!["oauth"]!["refreshToken"] = "another-canary";
        Assert.Equal(200, (await rig.Host.SaveAsync(settings)).Status);
        await rig.Host.SendAsync(HttpMethod.Post, "transports/cloud/resume", null, rig.Host.Key);
        await rig.Host.SendAsync(HttpMethod.Post, $"messages/{id}/retry", null, rig.Host.Key);
        await ExpectStatusAsync(rig, id, "sent");
    }

    /// <summary>A plugin whose token has ended and was changed for another by a process that was killed at the point.</summary>
    static async Task<OAuthRig> KilledAsync(int point, bool isStrict)
    {
        var provider = new TokenServer { Rotates = true, OldOneIsVoidAtOnce = isStrict, Lifetime = TimeSpan.FromSeconds(1) };
        provider.Know("pasted-canary");
        var rig = await OAuthRig.StartAsync(new() { ["flow"] = "refreshToken", ["refreshToken"] = "pasted-canary" }, provider);
        var first = await rig.TestAsync();
        Assert.True(first.Status == 200, first.Text);
        provider.Lifetime = TimeSpan.FromHours(1);

        await rig.BetweenAsync(async () =>
        {
            var run = await CrashChild.StartAsync(CrashChild.Renew, rig.Data, point);
            Assert.True(run.WasKilled, "The point was not reached.");
        });

        // It had its answer: the provider was asked once by each process.
        Assert.Equal(["pasted-canary", "refresh-token-canary-1"], provider.Requests.Select(request => request.Form["refresh_token"]));
        return rig;
    }

    static async Task<string> SubmitAsync(OAuthRig rig)
    {
        var accepted = await rig.Host.PostAsync("messages", new JsonObject { ["to"] = new JsonArray(new JsonObject { ["address"] = "you@example.com" }), ["subject"] = "Hi", ["text"] = "Hello" });
        Assert.True(accepted.Status == 202, accepted.Text);
        return accepted["id"]!;
    }

    static async Task ExpectStatusAsync(OAuthRig rig, string id, string status) =>
        await Eventually.SeeAsync(async () => (await rig.Host.GetAsync($"messages/{id}"))["status"], seen => seen == status, $"the message's status, to be {status}");
}

using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Tests.OAuth;

/// <summary>XOAUTH2 as npm's smtp-server understands it: a server that nobody here wrote. It knows no OAUTHBEARER; the server side of that is <see cref="TokenRelay"/>, written from RFC 7628.</summary>
public sealed class NodemailerServerTests
{
    const string Account = "mailer@example.com";

    [ServerFact(Server.NodeSmtpServer)]
    public async Task A_good_token_opens_it_and_the_mail_arrives()
    {
        await using var node = await StartAsync("access-token-canary-1");
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" }, port: node.TlsPort);

        var answer = await rig.TestAsync();

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(Account, Assert.Single(await node.ReadMailsAsync(1, TimeSpan.FromSeconds(30))).User);
    }

    [ServerFact(Server.NodeSmtpServer)]
    public async Task A_token_that_has_ended_is_changed_for_another_after_the_challenge()
    {
        await using var node = await StartAsync("access-token-canary-2");
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" }, port: node.TlsPort);

        var answer = await rig.TestAsync();

        Assert.True(answer.Status == 200, answer.Text);
        Assert.Equal(2, rig.Provider.Asked);
        Assert.Single(await node.ReadMailsAsync(1, TimeSpan.FromSeconds(30)));
    }

    [ServerFact(Server.NodeSmtpServer)]
    public async Task A_token_that_it_never_takes_is_told_with_the_challenge_and_without_the_token()
    {
        await using var node = await StartAsync("another");
        await using var rig = await OAuthRig.StartAsync(new() { ["flow"] = "clientCredentials" }, port: node.TlsPort);

        var answer = await rig.TestAsync();

        Assert.Equal(("424", "login-failed", "oauth-token-refused"), OAuthFlowTests.Cause(answer));
        Assert.Equal(2, rig.Provider.Asked);
        Assert.StartsWith("535", answer["reply"], StringComparison.Ordinal);
        Assert.Contains("\"status\":\"401\"", answer.Json["transcript"]!.ToJsonString().Replace("\\u0022", "\"", StringComparison.Ordinal) + answer["detail"], StringComparison.Ordinal);
        Assert.Contains(answer.Json["advice"]!.AsArray(), advice => advice!.GetValue<string>().Contains(Account, StringComparison.Ordinal));
        Assert.DoesNotContain("canary", answer.Text, StringComparison.Ordinal);
    }

    static Task<NodeSmtpServer> StartAsync(string token) =>
        NodeSmtpServer.StartAsync(new() { UserName = Account, AccessToken = token, Mechanisms = ["XOAUTH2"], LoginNeeded = true });
}

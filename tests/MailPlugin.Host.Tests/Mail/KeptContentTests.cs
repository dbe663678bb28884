using System.Text.Json.Nodes;
using MailPlugin.Host.Tests.Faults;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Mail;

/// <summary>What is kept of a mail that has left: what a template calls private is not.</summary>
public sealed class KeptContentTests(PostfixBed bed) : PostfixTest(bed)
{
    static readonly TimeSpan Delivery = TimeSpan.FromSeconds(15);

    [ServerFact(Server.Postfix)]
    public async Task A_link_that_opens_an_account_is_in_no_file_once_the_relay_has_the_mail()
    {
        const string Secret = "Zk3vQ9c4n4ry";
        await Host.SaveAsync(Drafts.With(Drafts.Submission(Postfix)));
        await PauseAsync(true);
        var taken = await Host.SubmitTemplateAsync("password-reset", "en", new() { ["link"] = $"https://e.example/{Secret}" });
        Assert.NotEmpty(Host.FilesThatContain(Secret));
        Assert.Contains(Secret, (await Host.GetAsync($"messages/{taken["id"]}/content")).Text, StringComparison.Ordinal);

        await PauseAsync(false);
        Assert.Contains(Secret, Assert.Single(await Postfix.ReadMessagesAsync(1, Delivery)).Text, StringComparison.Ordinal);

        await Host.UntilStatusIsAsync(taken["id"], "sent");
        foreach (var part in new[] { "content", "preview" })
        {
            var answer = await Host.GetAsync($"messages/{taken["id"]}/{part}");
            Assert.Equal((404, "not-found"), (answer.Status, answer.Slug));
            Assert.Contains("not kept", answer["detail"], StringComparison.Ordinal);
        }

        // The log of the database is swept soon after the start, and emptied by an orderly stop.
        await Host.RestartAsync(kill: true);
        await Eventually.SeeAsync(() => !Host.FilesThatContain(Secret).Any(), "the sweep");
        await Host.RestartAsync();
        Assert.Empty(Host.FilesThatContain(Secret));
    }

    [ServerFact(Server.Postfix)]
    public async Task Other_mail_is_kept_and_shown()
    {
        await Host.SaveAsync(Drafts.With(Drafts.Submission(Postfix)));
        var taken = await Host.SubmitTemplateAsync("alert", "en", new() { ["title"] = "Disk" });
        var mail = Assert.Single(await Postfix.ReadMessagesAsync(1, Delivery));

        await Host.UntilStatusIsAsync(taken["id"], "sent");
        Assert.Equal(System.Text.Encoding.UTF8.GetString(mail.Content), (await Host.GetAsync($"messages/{taken["id"]}/content")).Text);
        Assert.Contains("Disk", (await Host.GetAsync($"messages/{taken["id"]}/preview"))["html"], StringComparison.Ordinal);
    }

    Task<Answer> PauseAsync(bool paused) => Host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = paused });
}

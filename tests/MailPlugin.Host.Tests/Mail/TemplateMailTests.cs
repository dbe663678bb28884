using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Mail;

/// <summary>Templates all the way: submitted by name, through the queue, into a real Postfix, read by a parser that is not ours.</summary>
public sealed class TemplateMailTests : IAsyncLifetime
{
    const string Logo = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC";

    static readonly TimeSpan Delivery = TimeSpan.FromSeconds(15);

    PostfixServer postfix = null!;
    MailHost host = null!;

    public async Task InitializeAsync()
    {
        if (Requirement.Missing(Server.Postfix) is null)
        {
            postfix = await PostfixServer.StartAsync();
            host = await MailHost.StartAsync();
            await host.SaveAsync(Drafts.With(Drafts.Submission(postfix)));
        }
    }

    [ServerTheory(Server.Postfix)]
    [InlineData("test", "en")]
    [InlineData("test", "zh-CN")]
    [InlineData("account-activation", "en")]
    [InlineData("account-activation", "zh-CN")]
    [InlineData("password-reset", "en")]
    [InlineData("password-reset", "zh-CN")]
    [InlineData("address-verification", "en")]
    [InlineData("address-verification", "zh-CN")]
    [InlineData("share-notification", "en")]
    [InlineData("share-notification", "zh-CN")]
    [InlineData("activity-notification", "en")]
    [InlineData("activity-notification", "zh-CN")]
    [InlineData("alert", "en")]
    [InlineData("alert", "zh-CN")]
    public async Task What_arrives_is_what_the_preview_showed(string name, string locale)
    {
        await PutAsync("templates/layout", new() { ["brandName"] = "Söhne & Töchter 公司", ["address"] = "1 High Street <b>", ["logo"] = new JsonObject { ["content"] = Logo } });
        await PutAsync($"templates/{name}/options", new()
        {
            ["from"] = new JsonObject { ["address"] = "cloud@sender.example", ["name"] = "云 Cloud" },
            ["replyTo"] = new JsonObject { ["address"] = "help@sender.example", ["name"] = "Hilfe, Büro" },
            ["bcc"] = new JsonArray(new JsonObject { ["address"] = "archive@test.example" }),
            ["priority"] = "high",
        });
        var preview = (await host.PostAsync($"templates/{name}/preview", new JsonObject { ["locale"] = locale })).Json;
        var model = (await host.GetAsync($"templates/{name}?locale={locale}")).Json["sample"]!.DeepClone();
        var taken = await SubmitAsync(name, locale, model.AsObject());

        var arrived = await postfix.ReadMessagesAsync(2, Delivery);

        Assert.Equal(["archive@test.example", "reader@test.example"], arrived.Select(mail => mail.OriginalTo).Order());
        Assert.Single(arrived.Select(mail => Convert.ToHexString(SHA256.HashData(mail.Content))).Distinct());
        var mail = await PythonMail.OfAsync(arrived[0].Content);
        Assert.Empty(mail.Defects);
        Assert.Equal(preview["subject"]!.GetValue<string>(), mail.Subject);
        Assert.Equal(
            ["云 Cloud <cloud@sender.example>", "Reader <reader@test.example>", "Hilfe, Büro <help@sender.example>"],
            new[] { mail.From, mail.To, mail.ReplyTo }.Select(field => Assert.Single(field)).Select(address => $"{address.Name} <{address.Address}>"));
        Assert.DoesNotContain(mail.Headers, header => header.Name.Equals("Bcc", StringComparison.OrdinalIgnoreCase) || header.Line.Contains("archive@", StringComparison.Ordinal));
        Assert.Equal(["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"], mail.Parts.Select(part => part.ContentType));
        Assert.Equal(Lines(preview["text"]!.GetValue<string>()), Lines(mail.Parts[1].Text!));
        Assert.Equal(Lines(preview["html"]!.GetValue<string>().Replace($"data:image/png;base64,{Logo}", "cid:logo@mailplugin", StringComparison.Ordinal)), Lines(mail.Parts[3].Text!));
        Assert.Equal(("<logo@mailplugin>", Convert.ToHexStringLower(SHA256.HashData(Convert.FromBase64String(Logo)))), (mail.Parts[4].ContentId, mail.Parts[4].Sha256));
        Assert.Equal(("high", name), ((await host.GetAsync($"messages/{taken["id"]}"))["priority"], (await host.GetAsync($"messages/{taken["id"]}"))["template"]));
    }

    [ServerFact(Server.Postfix)]
    public async Task A_link_that_opens_an_account_is_in_no_file_once_the_relay_has_the_mail()
    {
        const string Secret = "Zk3vQ9c4n4ry";
        await PauseAsync(true);
        var taken = await SubmitAsync("password-reset", "en", new() { ["link"] = $"https://e.example/{Secret}" });
        Assert.NotEmpty(host.FilesThatContain(Secret));
        Assert.Contains(Secret, (await host.GetAsync($"messages/{taken["id"]}/content")).Text, StringComparison.Ordinal);

        await PauseAsync(false);
        Assert.Contains(Secret, Assert.Single(await postfix.ReadMessagesAsync(1, Delivery)).Text, StringComparison.Ordinal);

        await SeeAsync(async () => (await host.GetAsync($"messages/{taken["id"]}"))["status"] == "sent");
        foreach (var part in new[] { "content", "preview" })
        {
            var answer = await host.GetAsync($"messages/{taken["id"]}/{part}");
            Assert.Equal((404, "not-found"), (answer.Status, answer.Slug));
            Assert.Contains("not kept", answer["detail"], StringComparison.Ordinal);
        }

        // The log of the database is swept soon after the start, and emptied by an orderly stop.
        await host.RestartAsync(kill: true);
        await SeeAsync(() => Task.FromResult(!host.FilesThatContain(Secret).Any()));
        await host.RestartAsync();
        Assert.Empty(host.FilesThatContain(Secret));
    }

    [ServerFact(Server.Postfix)]
    public async Task Other_mail_is_kept_and_shown()
    {
        var taken = await SubmitAsync("alert", "en", new() { ["title"] = "Disk" });
        var mail = Assert.Single(await postfix.ReadMessagesAsync(1, Delivery));

        await SeeAsync(async () => (await host.GetAsync($"messages/{taken["id"]}"))["status"] == "sent");
        Assert.Equal(System.Text.Encoding.UTF8.GetString(mail.Content), (await host.GetAsync($"messages/{taken["id"]}/content")).Text);
        Assert.Contains("Disk", (await host.GetAsync($"messages/{taken["id"]}/preview"))["html"], StringComparison.Ordinal);
    }

    public async Task DisposeAsync()
    {
        if (host is not null)
        {
            await host.DisposeAsync();
            await postfix.DisposeAsync();
        }
    }

    async Task PutAsync(string path, JsonObject body)
    {
        var answer = await host.SendAsync(HttpMethod.Put, path, body, request => request.Headers.Add("If-Match", "*"));
        Assert.True(answer.Status == 200, answer.Text);
    }

    Task<Answer> PauseAsync(bool paused) => host.SendAsync(HttpMethod.Put, "delivery", new JsonObject { ["paused"] = paused });

    async Task<Answer> SubmitAsync(string template, string locale, JsonObject model)
    {
        var answer = await host.PostAsync("messages", new JsonObject
        {
            ["to"] = new JsonArray(new JsonObject { ["address"] = "reader@test.example", ["name"] = "Reader" }),
            ["template"] = template,
            ["locale"] = locale,
            ["model"] = model,
        });
        Assert.True(answer.Status == 202, answer.Text);
        return answer;
    }

    static async Task SeeAsync(Func<Task<bool>> isSo)
    {
        for (var tries = 0; !await isSo(); tries++)
        {
            Assert.True(tries < 600, "It did not come about.");
            await Task.Delay(50);
        }
    }

    static string[] Lines(string text) => text.TrimEnd().ReplaceLineEndings("\n").Split('\n');
}

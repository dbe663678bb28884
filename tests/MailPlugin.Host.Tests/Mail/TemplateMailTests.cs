using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Mail;

/// <summary>Templates all the way: submitted by name, through the queue, into a real Postfix, read by a parser that is not ours.</summary>
public sealed class TemplateMailTests(PostfixBed bed) : PostfixTest(bed)
{
    const string Logo = "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC";

    static readonly TimeSpan Delivery = TimeSpan.FromSeconds(15);

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
        await Host.SaveAsync(Drafts.With(Drafts.Submission(Postfix)));
        await PutAsync("templates/layout", new() { ["brandName"] = "Söhne & Töchter 公司", ["address"] = "1 High Street <b>", ["logo"] = new JsonObject { ["content"] = Logo } });
        await PutAsync($"templates/{name}/options", new()
        {
            ["from"] = new JsonObject { ["address"] = "cloud@sender.example", ["name"] = "云 Cloud" },
            ["replyTo"] = new JsonObject { ["address"] = "help@sender.example", ["name"] = "Hilfe, Büro" },
            ["bcc"] = new JsonArray(new JsonObject { ["address"] = "archive@test.example" }),
            ["priority"] = "high",
        });
        var preview = (await Host.PostAsync($"templates/{name}/preview", new JsonObject { ["locale"] = locale })).Json;
        var model = (await Host.GetAsync($"templates/{name}?locale={locale}")).Json["sample"]!.DeepClone();
        var taken = await Host.SubmitTemplateAsync(name, locale, model.AsObject());

        var arrived = await Postfix.ReadMessagesAsync(2, Delivery);

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
        Assert.Equal(("high", name), ((await Host.GetAsync($"messages/{taken["id"]}"))["priority"], (await Host.GetAsync($"messages/{taken["id"]}"))["template"]));
    }

    async Task PutAsync(string path, JsonObject body)
    {
        var answer = await Host.SendAsync(HttpMethod.Put, path, body, request => request.Headers.Add("If-Match", "*"));
        Assert.True(answer.Status == 200, answer.Text);
    }

    static string[] Lines(string text) => text.TrimEnd().ReplaceLineEndings("\n").Split('\n');
}

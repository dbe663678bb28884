using System.Text.Json.Nodes;

namespace MailPlugin.Host.Tests.Mail;

internal static class TemplateSubmission
{
    /// <summary>Submits a message by a template's name; it must be accepted.</summary>
    public static async Task<Answer> SubmitTemplateAsync(this MailHost host, string template, string locale, JsonObject model)
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
}

using System.Text.Json.Nodes;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Mail;

/// <summary>Settings as an administrator would type them.</summary>
internal static class Drafts
{
    public static JsonObject With(params JsonObject[] transports) => new()
    {
        ["from"] = new JsonObject { ["address"] = "no-reply@sender.example", ["name"] = "Sender" },
        ["adminAddress"] = "admin@test.example",
        ["transports"] = new JsonArray([.. transports]),
    };

    public static JsonObject Smtp(int port, Action<JsonObject>? change = null, string id = "primary", string host = "localhost")
    {
        var smtp = new JsonObject { ["host"] = host, ["port"] = port, ["timeoutSeconds"] = 5 };
        change?.Invoke(smtp);
        return new() { ["id"] = id, ["name"] = id == "primary" ? "Primary relay" : "Backup relay", ["mode"] = "smtp", ["smtp"] = smtp };
    }

    /// <summary>A relay that takes the tokens of a provider alone.</summary>
    public static JsonObject Tokens(TokenServer provider, int port, string flow, Action<JsonObject>? change = null, string id = "primary") => Smtp(
        port,
        smtp =>
        {
            var oauth = new JsonObject
            {
                ["provider"] = "example",
                ["flow"] = flow,
                ["tokenUrl"] = provider.TokenUrl.AbsoluteUri,
                ["authorizeUrl"] = provider.AuthorizeUrl.AbsoluteUri,
                ["deviceUrl"] = provider.DeviceUrl.AbsoluteUri,
                ["revokeUrl"] = provider.RevokeUrl.AbsoluteUri,
                ["clientId"] = provider.ClientId,
                ["clientSecret"] = provider.ClientSecret,
                ["scopes"] = new JsonArray("mail.send", "offline_access"),
                ["account"] = "mailer@example.com",
                ["caPem"] = TestCertificates.Shared.AuthorityPem,
            };
            change?.Invoke(oauth);
            smtp["security"] = "implicitTls";
            smtp["certificate"] = new JsonObject { ["trust"] = "customCa", ["caPem"] = TestCertificates.Shared.AuthorityPem };
            smtp["oauth"] = oauth;
        },
        id);

    /// <summary>A relay that wants STARTTLS and a login, trusted by its CA.</summary>
    public static JsonObject Submission(PostfixServer postfix, string? password = null, Action<JsonObject>? change = null) => Smtp(postfix.SubmissionPort, smtp =>
    {
        smtp["username"] = postfix.Options.UserName;
        smtp["password"] = password ?? postfix.Options.Password;
        smtp["certificate"] = new JsonObject { ["trust"] = "customCa", ["caPem"] = TestCertificates.Shared.AuthorityPem };
        change?.Invoke(smtp);
    });
}

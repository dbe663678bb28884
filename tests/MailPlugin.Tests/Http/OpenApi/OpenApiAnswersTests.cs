using System.Text.Json.Nodes;
using MailPlugin.Abstractions;
using MailPlugin.Http;
using MailPlugin.Http.Problems;
using MailPlugin.Security.Secrets;
using MailPlugin.Settings;
using MailPlugin.TestBed.OpenApi;

namespace MailPlugin.Tests.Http.OpenApi;

/// <summary>What the code answers with is what the document says; and what is not is refused.</summary>
public sealed class OpenApiAnswersTests
{
    [Fact]
    public void Settings_with_everything_set_are_as_described() => Check("GET", "/settings", 200, SettingsAnswer.Body(Versioned(Full), Language.English));

    [Fact]
    public void Settings_before_the_first_save_are_as_described() =>
        Check("GET", "/settings", 200, SettingsAnswer.Body(new(0, null, null, MailSettings.Empty), Language.Chinese));

    [Theory]
    [InlineData("password", "\"secret\"")]
    [InlineData("port", "\"587\"")]
    [InlineData("port", "70000")]
    [InlineData("security", "\"StartTls\"")]
    [InlineData("host", "null")]
    public void A_relay_that_is_not_as_described_is_refused(string property, string value)
    {
        var body = SettingsAnswer.Body(Versioned(Full), Language.English);
        body["transports"]![0]!["smtp"]![property] = JsonNode.Parse(value);

        Assert.Throws<OpenApiMismatchException>(() => Check("GET", "/settings", 200, body));
    }

    [Fact]
    public void A_property_that_is_missing_is_refused()
    {
        var body = SettingsAnswer.Body(Versioned(Full), Language.English);
        body.Remove("warnings");

        var mismatch = Assert.Throws<OpenApiMismatchException>(() => Check("GET", "/settings", 200, body));
        Assert.Contains("warnings is missing", mismatch.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_as_described_wherever_it_can_occur()
    {
        foreach (var (method, path, operation) in TheDocument.Operations)
        {
            foreach (var response in operation.GetProperty("responses").EnumerateObject().Where(response => response.Name is not ("412" or "424")))
            {
                if (!response.Value.TryGetProperty("content", out var content) || !content.TryGetProperty("application/problem+json", out var problem))
                {
                    continue;
                }

                foreach (var slug in problem.GetProperty("examples").EnumerateObject())
                {
                    Check(method.ToUpperInvariant(), path, ProblemCatalog.Get(slug.Name).Status, Problem.Of(slug.Name).ToJson("/elsewhere", Language.Chinese));
                }
            }
        }
    }

    [Fact]
    public void A_problem_that_the_operation_does_not_name_is_refused() =>
        Assert.Throws<OpenApiMismatchException>(() => Check("GET", "/keys", 404, Problem.NotFound().ToJson("/api/mail", Language.English)));

    [Fact]
    public void Faults_of_fields_are_as_described()
    {
        var problem = Problem.Of("invalid-settings") with { Errors = new Dictionary<string, string[]> { ["transports[id=a].smtp.port"] = ["must be between 1 and 65535"] } };

        Check("PUT", "/settings", 400, problem.ToJson("/api/mail", Language.English));
    }

    [Fact]
    public void A_stale_version_carries_the_settings_in_force()
    {
        var problem = Problem.Of("stale-version") with { Extend = (json, language) => json["current"] = SettingsAnswer.Body(Versioned(Full), language) };

        Check("PUT", "/settings", 412, problem.ToJson("/api/mail", Language.English));
        Assert.Throws<OpenApiMismatchException>(() => Check("PUT", "/settings", 412, Problem.Of("stale-version").ToJson("/api/mail", Language.English)));
    }

    [Theory]
    [InlineData("DELETE", "/keys/k_1", 204, true)]
    [InlineData("DELETE", "/keys/k_1/more", 204, false)]
    [InlineData("PATCH", "/keys/k_1", 204, false)]
    [InlineData("DELETE", "/keys/k_1", 200, false)]
    [InlineData("GET", "/settings", 200, false)]
    public void An_answer_without_a_body_must_be_described_as_one(string method, string path, int status, bool described)
    {
        var mismatch = Record.Exception(() => TheDocument.Answers.Check(method, path, status, ""));

        Assert.Equal(described, mismatch is null);
    }

    static void Check(string method, string path, int status, JsonObject body) => TheDocument.Answers.Check(method, path, status, TheDocument.Of(body));

    static VersionedSettings Versioned(MailSettings settings) => new(7, new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero), "key:ops", settings);

    static MailSettings Full { get; } = new()
    {
        From = new("no-reply@example.com", "Example"),
        ReplyTo = new("help@example.com"),
        EnvelopeFrom = "bounces@example.com",
        SubjectPrefix = "[Example]",
        AdminAddress = "admin@example.com",
        Dkim = [new() { Domain = "example.com", Selector = "s1", PrivateKey = new Secret("key") }],
        Transports =
        [
            new()
            {
                Id = "primary",
                Name = "Primary",
                Mode = TransportMode.Smtp,
                From = new MailAddress("relay@example.com"),
                Smtp = new()
                {
                    Host = "smtp.example.com",
                    Security = SmtpSecurityChoice.StartTlsIfOffered,
                    Auth = SmtpAuthChoice.ScramSha256,
                    Username = "user",
                    Password = new Secret("secret"),
                    RatePerMinute = 30,
                    Certificate = new() { Trust = CertificateTrustChoice.Pinned, Sha256 = new string('a', 64) },
                    Proxy = new() { Type = ProxyKind.Socks5, Host = "proxy.example.com", Port = 1080, Password = new Secret("p") },
                },
            },
            new() { Id = "second", Name = "Second", Mode = TransportMode.Smtp, Smtp = new() { Host = "mx.example.com" } },
        ],
    };
}

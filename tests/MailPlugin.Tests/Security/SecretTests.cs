using System.Text.Json;
using MailPlugin.Security.Secrets;
using MailPlugin.Settings;
using MailPlugin.Settings.Secrets;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Security;

public sealed class SecretTests
{
    const string Canary = "c4nary-p4ssword";

    [Fact]
    public void A_secret_prints_as_stars_wherever_it_is_put()
    {
        var secret = new Secret(Canary);
        var settings = WithCanaries();

        Assert.Equal("***", secret.ToString());
        Assert.Equal("***", $"{secret}");
        Assert.DoesNotContain(Canary, $"{settings} {settings.Transports[0]} {settings.Transports[0].Smtp} {settings.Dkim[0]}", StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, new InvalidOperationException($"failed with {settings.Transports[0].Smtp}").ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_serializer_finds_nothing_in_it()
    {
        Assert.Equal("{}", JsonSerializer.Serialize(new Secret(Canary)));
        Assert.DoesNotContain(Canary, JsonSerializer.Serialize(WithCanaries()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_document_and_the_answer_say_only_whether_there_is_one()
    {
        var settings = WithCanaries();
        var document = SettingsDocument.Write(settings).ToJsonString();
        var answer = SettingsAnswer.Body(new(1, null, null, settings), MailPlugin.Http.Language.English).ToJsonString();

        Assert.DoesNotContain(Canary, document + answer, StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE KEY", document + answer, StringComparison.Ordinal);
        foreach (var word in new[] { "hasPassword\":true", "hasClientKey\":true", "hasKey\":true" })
        {
            Assert.Contains(word, document, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void No_fault_repeats_what_was_typed_as_a_secret()
    {
        var (_, errors) = Bodies.Read(Bodies.Smtp(smtp =>
        {
            smtp["password"] = Canary + "\0";
            smtp["certificate"] = new System.Text.Json.Nodes.JsonObject { ["clientKey"] = Canary };
        }));

        Assert.Equal(2, errors.Count);
        Assert.DoesNotContain(Canary, JsonSerializer.Serialize(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_place_of_a_secret_has_a_path_and_a_key_of_its_own()
    {
        var fields = new List<SecretField>();
        SettingsSecrets.Map(WithCanaries(), field =>
        {
            fields.Add(field);
            return field.Value;
        });

        Assert.Equal([SecretKind.Password, SecretKind.ClientKey, SecretKind.ProxyPassword, SecretKind.DkimKey], fields.Select(field => field.Kind));
        Assert.Equal(4, fields.Select(field => field.Path).Distinct().Count());
        Assert.Equal(4, fields.Select(field => field.Key).Distinct().Count());
        Assert.All(fields, field => Assert.NotNull(field.Value));
    }

    [Fact]
    public void Equal_secrets_are_equal()
    {
        Assert.Equal(new Secret("a"), new Secret("a"));
        Assert.NotEqual(new Secret("a"), new Secret("A"));
        Assert.False(new Secret("a").Equals(null));
    }

    internal static MailSettings WithCanaries()
    {
        var body = Bodies.Full();
        var smtp = body["transports"]![0]!["smtp"]!;
        smtp["password"] = Canary;
        smtp["proxy"]!["password"] = Canary + "-proxy";
        smtp["certificate"]!["clientCertificate"] = TestCertificates.Shared.Client.ChainPem;
        smtp["certificate"]!["clientKey"] = TestCertificates.Shared.Client.KeyPem;
        using var rsa = System.Security.Cryptography.RSA.Create(2048);
        body["dkim"]![0]!["privateKey"] = rsa.ExportPkcs8PrivateKeyPem();
        body["transports"]!.AsArray().RemoveAt(1);
        return Bodies.Stored(body);
    }
}

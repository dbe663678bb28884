using System.Text.Json;
using MailPlugin.Http.Binding;
using MailPlugin.Options;
using MailPlugin.Settings;
using MailPlugin.Settings.FromHost;
using MailPlugin.Settings.Reading;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using Microsoft.Extensions.Configuration;

namespace MailPlugin.Tests.Settings.FromHost;

/// <summary>What the host's configuration may say, and how it is told what it may not.</summary>
public sealed class HostLayerTests : IDisposable
{
    readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void Without_a_section_there_is_no_layer() => Assert.True(Read([]).IsEmpty);

    [Fact]
    public void Every_value_that_the_API_takes_can_come_from_the_host()
    {
        var leaves = Leaves(JsonSerializer.SerializeToElement(Bodies.Full()), "").Where(leaf => !IsOnlyAnswered(leaf.Path)).ToList();
        var configuration = leaves.ToDictionary(leaf => Key(leaf.Path), leaf => (string?)leaf.Value);

        var layer = Read(configuration);

        Assert.True(leaves.Count > 40);
        Assert.Equal(
            leaves.Select(leaf => leaf.Path).Where(path => !path.EndsWith("].id", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            layer.Locked(Bodies.Stored(Bodies.Full())).Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("Settings:Colour", "red", "Settings:Colour is not known")]
    [InlineData("Settings:HasPassword", "true", "Settings:HasPassword is not known")]
    [InlineData("Settings:Version", "7", "Settings:Version is not known")]
    [InlineData("Settings:Transports:a:Smtp:Hosst", "x", "Settings:Transports:a:Smtp:Hosst is not known")]
    [InlineData("Settings:Transports:a:Smtp:HasPassword", "true", "Settings:Transports:a:Smtp:HasPassword is not known")]
    [InlineData("Settings:Transports:a:Smtp:PortFile", "/x", "Settings:Transports:a:Smtp:PortFile is not known")]
    [InlineData("Settings:Transports:a:Smtp:Certificate:Colour", "x", "Settings:Transports:a:Smtp:Certificate:Colour is not known")]
    [InlineData("Settings:Transports:0:Id", "primary", "Settings:Transports:0:Id is not known: a transport's id is its key")]
    [InlineData("Settings:Transports:a_b:Smtp:Host", "x", "Settings:Transports:a_b must have an id of 1 to 64 of a-z, 0-9 and - as its key")]
    [InlineData("Settings:Transports:a:Order", "first", "Settings:Transports:a:Order must be a whole number")]
    [InlineData("Settings:Transports:a", "smtp.example.com", "Settings:Transports:a must be given part by part")]
    [InlineData("Settings:From", "a@example.com", "Settings:From must be given part by part, as in Settings:From:Address")]
    [InlineData("Settings:From:Address", "nobody", "Settings:From:Address ")]
    [InlineData("Settings:AdminAddress:0", "a@example.com", "Settings:AdminAddress must be one value")]
    [InlineData("Settings:Enabled", "yes", "Settings:Enabled must be true or false")]
    [InlineData("Settings:Transports:a:Smtp:Port", "smtp", "Settings:Transports:a:Smtp:Port must be a whole number")]
    [InlineData("Settings:Transports:a:Smtp:Port", "0", "Settings:Transports:a:Smtp:Port must be between 1 and 65535")]
    [InlineData("Settings:Transports:a:Smtp:Port", "99999999999", "Settings:Transports:a:Smtp:Port must be a whole number")]
    [InlineData("Settings:Transports:a:Smtp:Security", "tls", "Settings:Transports:a:Smtp:Security must be one of auto, none, startTls, startTlsIfOffered, implicitTls")]
    [InlineData("Settings:Transports:a:Smtp:Host", "a b", "Settings:Transports:a:Smtp:Host must be a host name or an IP address")]
    [InlineData("Settings:Transports:a:Smtp:Certificate:CaPem", "no certificate", "Settings:Transports:a:Smtp:Certificate:CaPem ")]
    [InlineData("Settings:Transports:a:Smtp:PasswordFile", "/nowhere/at/all", "Settings:Transports:a:Smtp:PasswordFile names a file that cannot be read")]
    [InlineData("Settings:Transports:a:Smtp:PasswordFile", "$CREDENTIALS_DIRECTORY/x", "Settings:Transports:a:Smtp:PasswordFile ")]
    [InlineData("Settings:Dkim:0:Domain", "example.com", "Settings:Dkim:0 needs Domain and Selector")]
    public void What_is_not_known_or_wrong_stops_the_start_by_its_name(string key, string value, string message)
    {
        var wrong = Assert.Throws<InvalidOptionException>(() => Read(new() { [key] = value }));

        Assert.StartsWith($"MailPlugin:{message}", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_keys_for_the_same_domain_and_selector_are_refused()
    {
        var wrong = Assert.Throws<InvalidOptionException>(() => Read(new()
        {
            ["Settings:Dkim:a:Domain"] = "example.com",
            ["Settings:Dkim:a:Selector"] = "s1",
            ["Settings:Dkim:b:Domain"] = "Example.COM.",
            ["Settings:Dkim:b:Selector"] = "S1",
        }));

        Assert.Contains("Settings:Dkim:b:Selector must be unique", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_read_in_any_case_and_empty_values_are_none()
    {
        var layer = Read(new()
        {
            ["SETTINGS:TRANSPORTS:PRIMARY:SMTP:HOST"] = "smtp.example.com",
            ["settings:transports:primary:smtp:security"] = "STARTTLS",
            ["Settings:Transports:Primary:Smtp:Password"] = "",
            ["Settings:SubjectPrefix"] = "",
        });

        Assert.Equal("""{"transports":[{"id":"primary","smtp":{"host":"smtp.example.com","security":"startTls"},"mode":"smtp"}]}""", layer.Draft.GetRawText());
        Assert.Equal(["transports[id=primary].smtp.host", "transports[id=primary].smtp.security"], layer.Locked(Bodies.Stored(Bodies.Smtp())).Keys);
    }

    [Fact]
    public void A_secret_is_read_from_its_file_without_the_line_end()
    {
        foreach (var (content, secret) in new[] { ("s3cret", "s3cret"), ("s3cret\n", "s3cret"), ("s3cret\r\n", "s3cret"), (" s3cret \n\n", " s3cret \n"), ("\uFEFFs3cret\n", "s3cret"), ("pässwörd", "pässwörd") })
        {
            var file = File(content);
            var layer = Read(new() { ["Settings:Transports:a:Smtp:Host"] = "h.example", ["Settings:Transports:a:Smtp:PasswordFile"] = file });

            var value = layer.Values.Single(value => value.Secret is not null);
            Assert.Equal((secret, $"file {file}", "***"), (value.Secret!.Reveal(), value.Origin, value.Secret.ToString()));
            Assert.DoesNotContain(secret, value.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_relative_path_begins_at_the_content_root()
    {
        File("s3cret", "smtp-password");

        Assert.Equal("s3cret", Read(new() { ["Settings:Transports:a:Smtp:PasswordFile"] = "smtp-password" }).Values.Single(value => value.Secret is not null).Secret!.Reveal());
    }

    [Fact]
    public void A_file_that_is_empty_too_long_or_no_text_is_refused()
    {
        foreach (var (bytes, message) in new[] { (Array.Empty<byte>(), "empty"), ("\n"u8.ToArray(), "empty"), (new byte[64 * 1024 + 1], "65536 bytes"), ([0xff, 0xfe, 0x41], "UTF-8") })
        {
            var file = _temp.Of("bad");
            System.IO.File.WriteAllBytes(file, bytes);
            var wrong = Assert.Throws<InvalidOptionException>(() => Read(new() { ["Settings:Transports:a:Smtp:PasswordFile"] = file }));
            Assert.Contains(message, wrong.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_password_and_its_file_cannot_both_be_given()
    {
        var wrong = Assert.Throws<InvalidOptionException>(() => Read(new()
        {
            ["Settings:Transports:a:Smtp:Password"] = "c4nary",
            ["Settings:Transports:a:Smtp:PasswordFile"] = File("c4nary"),
        }));

        Assert.Contains("PasswordFile stands beside Password", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c4nary", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_can_be_a_file_too()
    {
        var pem = TestCertificates.Shared.AuthorityPem;
        var layer = Read(new()
        {
            ["Settings:Transports:a:Smtp:Host"] = "h.example",
            ["Settings:Transports:a:Smtp:Certificate:Trust"] = "customCa",
            ["Settings:Transports:a:Smtp:Certificate:CaPemFile"] = File(pem),
        });

        Assert.Contains("a", layer.Complete);
        Assert.Null(layer.Values.Single(value => value.Property == "smtp.certificate.caPem").Secret);
    }

    [Fact]
    public void The_choices_that_are_described_are_those_that_are_read()
    {
        var smtp = SettingsShape.Root.Properties["transports"].Item!.Properties["smtp"].Properties;

        Assert.Equal(EnumText.List<SmtpAuthChoice>(), string.Join(", ", smtp["auth"].Choices));
        Assert.Equal(EnumText.List<SmtpSecurityChoice>(), string.Join(", ", smtp["security"].Choices));
        Assert.Equal(EnumText.List<CertificateTrustChoice>(), string.Join(", ", smtp["certificate"].Properties["trust"].Choices));
        Assert.Equal(EnumText.List<ProxyKind>(), string.Join(", ", smtp["proxy"].Properties["type"].Choices));
        Assert.Equal(EnumText.List<OAuthFlow>(), string.Join(", ", smtp["oauth"].Properties["flow"].Choices));
    }

    [Fact]
    public void OAuth_can_be_the_hosts_lists_and_secrets_included()
    {
        var layer = Read(new()
        {
            ["Settings:Transports:a:Smtp:Host"] = "smtp.example.com",
            ["Settings:Transports:a:Smtp:Auth"] = "xoauth2",
            ["Settings:Transports:a:Smtp:Username"] = "me@example.com",
            ["Settings:Transports:a:Smtp:OAuth:Provider"] = "google",
            ["Settings:Transports:a:Smtp:OAuth:Flow"] = "refreshToken",
            ["Settings:Transports:a:Smtp:OAuth:ClientId"] = "id",
            ["Settings:Transports:a:Smtp:OAuth:ClientSecretFile"] = File("s3cret\n"),
            ["Settings:Transports:a:Smtp:OAuth:RefreshToken"] = "t0ken",
            ["Settings:Transports:a:Smtp:OAuth:Scopes:0"] = "https://mail.google.com/",
            ["Settings:Transports:a:Smtp:OAuth:Scopes:1"] = "more",
        });

        var faults = new Faults();
        var oauth = SettingsReader.Read(JsonSerializer.SerializeToElement(new { }), faults, layer).Transport("a")!.Smtp!.OAuth!;

        Assert.False(faults.Any, string.Join(", ", faults.ToErrors().Keys));
        Assert.Equal(("id", "s3cret", "t0ken", "https://mail.google.com/ more"), (oauth.ClientId, oauth.ClientSecret!.Reveal(), oauth.RefreshToken!.Reveal(), oauth.Scope));
    }

    [Fact]
    public void What_the_stored_settings_may_have_is_not_asked_for()
    {
        var layer = Read(new() { ["Settings:Transports:a:Smtp:Port"] = "2525", ["Settings:Transports:b:Smtp:Auth"] = "plain", ["Settings:Transports:b:Smtp:Host"] = "h.example" });

        Assert.Empty(layer.Complete);
    }

    [Fact]
    public void The_origin_of_a_value_is_told_as_it_was_written()
    {
        var name = $"MAILPLUGIN__Settings__Transports__env{Guid.CreateVersion7():N}__Smtp__Host";
        Environment.SetEnvironmentVariable(name, "smtp.example.com");
        try
        {
            System.IO.File.WriteAllText(_temp.Of("appsettings.json"), """{ "MailPlugin": { "Settings": { "AdminAddress": "a@example.com" } } }""");
            var configuration = new ConfigurationManager();
            configuration.SetBasePath(_temp.Path).AddJsonFile("appsettings.json").AddEnvironmentVariables().AddCommandLine(["--MailPlugin:Settings:SubjectPrefix=[x]"]);

            var origins = new HostLayerReader(configuration, _temp.Path).Read().Values.Where(value => !value.IsImplied).Select(value => value.Origin);

            Assert.Equal([$"environment {name}", "command line --MailPlugin:Settings:SubjectPrefix", "file appsettings.json"], origins.Order(StringComparer.Ordinal).OrderBy(text => text[0] == 'e' ? 0 : 1));
        }
        finally
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    HostLayer Read(Dictionary<string, string?> settings) => new HostLayerReader(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => $"MailPlugin:{pair.Key}", pair => pair.Value)).Build(), _temp.Path).Read();

    string File(string content, string name = "secret")
    {
        var file = _temp.Of(name);
        System.IO.File.WriteAllText(file, content);
        return file;
    }

    static IEnumerable<(string Path, string Value)> Leaves(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Leaves(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}")),
        JsonValueKind.Array => element.EnumerateArray().SelectMany((item, index) => Leaves(item, item.TryGetProperty("id", out var id) ? $"{path}[id={id}]" : $"{path}[{index}]")),
        JsonValueKind.Null => [],
        _ => [(path, element.ToString())],
    };

    static bool IsOnlyAnswered(string path) =>
        path is "version" or "updatedAt" or "updatedBy" || path.StartsWith("locked", StringComparison.Ordinal) || path.EndsWith("].id", StringComparison.Ordinal) || path.Contains(".has", StringComparison.Ordinal);

    static string Key(string path) => "Settings:" + path.Replace("[id=", ":", StringComparison.Ordinal).Replace("[", ":", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', ':');
}

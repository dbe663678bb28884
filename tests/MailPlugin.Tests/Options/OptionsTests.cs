using MailPlugin.Hosting;
using MailPlugin.Options;
using MailPlugin.TestBed;
using MailPlugin.Tests.Fixtures;
using Microsoft.Extensions.Configuration;

namespace MailPlugin.Tests.Options;

public sealed class OptionsTests
{
    [Fact]
    public void Without_any_option_the_defaults_of_the_contract_hold()
    {
        var options = Plugin.Options();

        Assert.Equal("/srv/host/data/MailPlugin", options.Data);
        Assert.Equal(("/api/mail", "/mail/"), (options.BasePath, options.PagePath));
        Assert.True(options.Outbound.AllowPrivate);
        Assert.Empty(options.Outbound.Ports);
        Assert.Null(options.PublicUrl);
        Assert.Null(options.BootstrapKeyFile);
    }

    [Fact]
    public void Options_are_read_in_their_forms()
    {
        var options = Plugin.Options(new()
        {
            ["Data"] = "var/mail",
            ["BasePath"] = "/tools/mail-api/",
            ["PagePath"] = "/tools/mail",
            ["PublicUrl"] = "https://example.com/prefix",
            ["BootstrapKeyFile"] = "/run/secrets/key",
            ["Outbound:AllowPrivate"] = "False",
            ["Outbound:Ports"] = "25, 465,587",
            ["Outbound:TestRecipients:0"] = "a@example.com",
            ["Outbound:TestRecipients:1"] = "b@example.com",
            ["Logging:FileSize"] = "65536",
            ["Retention:TranscriptAge"] = "1.00:00:00",
        });

        Assert.Equal(("/srv/host/var/mail", "/run/secrets/key"), (options.Data, options.BootstrapKeyFile));
        Assert.Equal(("/tools/mail-api", "/tools/mail/"), (options.BasePath, options.PagePath));
        Assert.False(options.Outbound.AllowPrivate);
        Assert.Equal([25, 465, 587], options.Outbound.Ports);
        Assert.Equal(["a@example.com", "b@example.com"], options.Outbound.TestRecipients);
        Assert.Equal((65536, TimeSpan.FromDays(1)), (options.Logging.FileSize, options.Transcripts.Age));
    }

    [Theory]
    [InlineData("Colour", "red")]
    [InlineData("Outbound:AllowPrivat", "false")]
    [InlineData("Outbound:Port", "587")]
    [InlineData("Logging:MaskAdresses", "true")]
    [InlineData("KeyRing:File", "/run/key")]
    [InlineData("Templates:Folder", "/srv")]
    [InlineData("Limits:Messages", "1")]
    [InlineData("Retry:Firsts", "1")]
    [InlineData("Retention:Body", "1")]
    [InlineData("Data:Folder", "/srv")]
    [InlineData("TrustedProxy:0", "10.0.0.1")]
    public void An_option_that_nobody_knows_is_named(string option, string value)
    {
        var options = Plugin.Options(new() { [option] = value, ["Settings:From:Address"] = "a@example.com", ["TrustedProxies:0"] = "10.0.0.1", ["Outbound:Ports"] = "25" });

        var refused = Assert.Throws<InvalidOptionException>(() => QueueOptions.Read(options));

        Assert.Contains($"{option} is not known", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BasePath", "api/mail")]
    [InlineData("BasePath", "/")]
    [InlineData("BasePath", "//evil.example")]
    [InlineData("BasePath", "/api/../x")]
    [InlineData("BasePath", "/api mail")]
    [InlineData("BasePath", "/api?x")]
    [InlineData("BasePath", "/api\\mail")]
    [InlineData("BasePath", "/api%2f")]
    [InlineData("BasePath", "/api\r\nX: y")]
    [InlineData("PagePath", "https://example.com/")]
    [InlineData("PagePath", "/a:b")]
    [InlineData("PagePath", "/api/mail")]
    [InlineData("PagePath", "/API/mail/")]
    [InlineData("PagePath", "/api/mail/page")]
    [InlineData("PublicUrl", "example.com")]
    [InlineData("PublicUrl", "ftp://example.com")]
    [InlineData("PublicUrl", "https://user:secret@example.com/")]
    [InlineData("PublicUrl", "https://example.com/?a=b")]
    [InlineData("PublicUrl", "https://example.com/#top")]
    [InlineData("Data", "/x\0y")]
    [InlineData("BootstrapKeyFile", "/x\0y")]
    [InlineData("Outbound:AllowPrivate", "no")]
    [InlineData("Outbound:Ports", "25,smtp")]
    [InlineData("Outbound:Ports", "0")]
    [InlineData("Outbound:Ports:0", "65536")]
    [InlineData("Logging:FileSize", "1")]
    [InlineData("Logging:FileSize", "99999999999")]
    [InlineData("Logging:Files", "0")]
    [InlineData("Retention:TranscriptAge", "soon")]
    [InlineData("Retention:TranscriptAge", "NaN")]
    [InlineData("Retention:TranscriptAge", "1")]
    [InlineData("Retention:TranscriptMegabytes", "-1")]
    public void A_wrong_option_names_itself(string name, string value)
    {
        var fault = Assert.Throws<InvalidOptionException>(() => Plugin.Options(new() { [name] = value }));

        var expected = name.EndsWith(":0", StringComparison.Ordinal) ? name[..^2] : name;
        Assert.StartsWith($"MailPlugin:{expected} ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_beside_or_above_the_API_can_be_reached()
    {
        Assert.Equal("/mail/", Plugin.Options(new() { ["BasePath"] = "/mail/api" }).PagePath);
        Assert.Equal("/api/mailbox/", Plugin.Options(new() { ["PagePath"] = "/api/mailbox" }).PagePath);
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("1.5", 1.5)]
    [InlineData("00:01:30", 90)]
    [InlineData("1.00:00:00", 86400)]
    public void A_length_of_time_is_seconds_or_a_span(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Reader("T", text).Duration("T", TimeSpan.Zero, TimeSpan.MaxValue));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void An_empty_option_counts_as_absent(string text)
    {
        Assert.Null(Reader("T", text).Text("T"));
        Assert.Null(Reader("T", text).Number("T", 1, 2));
        Assert.Null(Reader("T", text).UrlPath("T"));
    }

    static OptionReader Reader(string name, string value) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [$"S:{name}"] = value }).Build().GetSection("S"));
}

public sealed class DataFolderTests : IDisposable
{
    readonly TempFolder _temp = new();

    public void Dispose() => _temp.Dispose();

    [Fact]
    public void It_is_made_with_its_parents_for_the_hosts_user_alone()
    {
        var data = new DataFolder(_temp.Of("a/b/data"));

        Modes.IsOnlyTheOwners(data.Path);
        Modes.IsOnlyTheOwners(data.Folder("logs"));
    }

    [Fact]
    public void One_that_everybody_may_enter_is_closed()
    {
        var path = Directory.CreateDirectory(_temp.Of("data")).FullName;
        Modes.OpenToAll(path);

        Modes.IsOnlyTheOwners(new DataFolder(path).Path);
    }

    [Fact]
    public void A_private_file_is_private_from_its_first_byte_and_replaced_as_a_whole()
    {
        var data = new DataFolder(_temp.Of("data"));
        data.WritePrivate("key.txt", "one");
        File.WriteAllText(data.PathOf("key.txt.new"), "left by a crash");
        data.WritePrivate("key.txt", "two");

        Assert.Equal("two", File.ReadAllText(data.PathOf("key.txt")));
        Modes.IsOnlyTheOwners(data.PathOf("key.txt"));
        Assert.False(File.Exists(data.PathOf("key.txt.new")));
    }

    [Fact]
    public void A_file_in_its_place_is_a_wrong_option() =>
        Assert.StartsWith("MailPlugin:Data ", Assert.Throws<InvalidOptionException>(() => new DataFolder(_temp.Write("file", "x"))).Message, StringComparison.Ordinal);
}

using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.Abstractions;
using MailPlugin.Host.Loading;
using MailPlugin.Host.Tests.Support;
using MailPlugin.TestBed;

namespace MailPlugin.Host.Tests.Loading;

public sealed class PluginManifestReaderTests
{
    [Fact]
    public void A_whole_manifest_is_read()
    {
        var manifest = Read(Good());

        Assert.Equal("example-1", manifest.Id);
        Assert.Equal("Beispiel 示例", manifest.Name);
        Assert.Equal("1.2.3-beta.1+build.5", manifest.Version);
        Assert.Equal("Example.Plugin.dll", manifest.Assembly);
        Assert.Equal("Example.Plugin.Entry", manifest.EntryType);
        Assert.Equal(new Version(1, 0), manifest.MinimumContract);
        Assert.Equal(new Version(1, 12), manifest.MaximumContract);
        Assert.Equal([new PluginPage("Home", "/example/")], manifest.Pages);
    }

    [Fact]
    public void The_manifest_of_this_repository_is_read() =>
        Assert.Equal("mail", PluginManifestReader.ReadFile(Path.Combine(Repository.Root, "plugin.json")).Id);

    [Fact]
    public void A_byte_order_mark_does_no_harm() =>
        Assert.Equal("example-1", PluginManifestReader.Read([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Good().ToJsonString())]).Id);

    [Fact]
    public void Pages_may_be_absent()
    {
        var json = Good();
        json.Remove("pages");

        Assert.Empty(Read(json).Pages);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("name")]
    [InlineData("version")]
    [InlineData("assembly")]
    [InlineData("entryType")]
    [InlineData("minimumContract")]
    [InlineData("maximumContract")]
    public void A_missing_or_mistyped_property_is_named(string property)
    {
        var missing = Good();
        missing.Remove(property);
        var mistyped = Good();
        mistyped[property] = 1;
        var nothing = Good();
        nothing[property] = null;

        Assert.Equal([$"{property}: is missing"], Faults(missing));
        Assert.Equal([$"{property}: must be a text"], Faults(mistyped));
        Assert.Equal([$"{property}: must be a text"], Faults(nothing));
    }

    [Theory]
    [InlineData("id", "")]
    [InlineData("id", "Upper")]
    [InlineData("id", "with space")]
    [InlineData("id", "newline\n")]
    [InlineData("id", "a2345678901234567890123456789012345678901234567890123456789012345")]
    [InlineData("name", "")]
    [InlineData("name", "  ")]
    [InlineData("name", "two\nlines")]
    [InlineData("version", "1")]
    [InlineData("version", "1.2")]
    [InlineData("version", "01.2.3")]
    [InlineData("version", "v1.2.3")]
    [InlineData("version", "1.2.3-")]
    [InlineData("assembly", "Example")]
    [InlineData("assembly", "Example.exe")]
    [InlineData("assembly", ".dll")]
    [InlineData("assembly", "../Example.dll")]
    [InlineData("assembly", "..\\Example.dll")]
    [InlineData("assembly", "sub/Example.dll")]
    [InlineData("assembly", "/etc/Example.dll")]
    [InlineData("assembly", "C:Example.dll")]
    [InlineData("assembly", "Example.dll\0")]
    [InlineData("assembly", "..dll")]
    [InlineData("entryType", "")]
    [InlineData("entryType", "Example.")]
    [InlineData("entryType", "Example.Entry, Other")]
    [InlineData("entryType", "Example.Entry[]")]
    [InlineData("entryType", "Example..Entry")]
    [InlineData("minimumContract", "1")]
    [InlineData("minimumContract", "1.0.0")]
    [InlineData("minimumContract", "1.x")]
    [InlineData("minimumContract", "-1.0")]
    [InlineData("minimumContract", "1.999999")]
    [InlineData("minimumContract", "１.0")]
    [InlineData("maximumContract", "")]
    public void A_value_that_breaks_its_rule_is_named_with_the_rule(string property, string value)
    {
        var json = Good();
        json[property] = value;

        Assert.StartsWith($"{property}: must be ", Assert.Single(Faults(json)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("example/")]
    [InlineData("//example.org/")]
    [InlineData("/\\example.org/")]
    [InlineData("https://example.org/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/a b")]
    [InlineData("/a\"b")]
    [InlineData("")]
    public void A_page_leads_nowhere_but_to_the_host(string path)
    {
        var json = Good();
        json["pages"] = new JsonArray(new JsonObject { ["title"] = "Home", ["path"] = "/ok" }, new JsonObject { ["title"] = "Away", ["path"] = path });

        Assert.StartsWith("pages[1].path: must be a path on the host", Assert.Single(Faults(json)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var json = new JsonObject
        {
            ["id"] = "Not Good",
            ["name"] = "Example",
            ["version"] = "1.0.0",
            ["assembly"] = "Example.dll",
            ["entryType"] = "Example.Entry",
            ["minimumContract"] = "2.0",
            ["maximumContract"] = "1.0",
            ["entrytype"] = "Example.Entry",
            ["pages"] = new JsonArray(new JsonObject { ["title"] = "Home", ["url"] = "/" }, "/page/"),
        };

        Assert.Equal(
            [
                "id: must be 1 to 64 of a-z, 0-9 and -",
                "pages[0].path: is missing",
                "pages[0].url: is not a known property",
                "pages[1]: must be an object",
                "entrytype: is not a known property",
                "maximumContract: must not be below minimumContract",
            ],
            Faults(json));
    }

    [Theory]
    [InlineData("", "is not valid JSON")]
    [InlineData("{", "is not valid JSON")]
    [InlineData("{} {}", "is not valid JSON")]
    [InlineData("// a comment\n{}", "is not valid JSON")]
    [InlineData("{\"id\":\"a\",\"id\":\"b\"}", "is not valid JSON")]
    [InlineData("{\"id\":\"a\",}", "is not valid JSON")]
    [InlineData("{\"pages\":[[[[[[[[[[]]]]]]]]]]}", "is not valid JSON")]
    [InlineData("[]", "must be an object")]
    [InlineData("null", "must be an object")]
    [InlineData("\"text\"", "must be an object")]
    [InlineData("{\"id\":\"\\ud800\"}", "holds a text that is not valid Unicode")]
    [InlineData("{\"\\ud800\":1}", "holds a text that is not valid Unicode")]
    public void What_is_not_a_JSON_object_is_told_in_one_fault(string text, string fault)
    {
        var thrown = Assert.Throws<PluginManifestException>(() => PluginManifestReader.Read(Encoding.UTF8.GetBytes(text)));

        Assert.StartsWith(fault, Assert.Single(thrown.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused() =>
        Assert.Equal(["is not UTF-8"], Assert.Throws<PluginManifestException>(() => PluginManifestReader.Read([0x7b, 0x22, 0xff, 0x22, 0x7d])).Faults);

    [Fact]
    public void A_manifest_is_at_most_64_KB()
    {
        using var temp = new TempFolder();
        var file = temp.Write("plugin.json", Good().ToJsonString() + new string(' ', 65536));

        Assert.Equal(["is larger than 65536 bytes"], Assert.Throws<PluginManifestException>(() => PluginManifestReader.ReadFile(file)).Faults);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_a_fault_of_the_manifest()
    {
        using var temp = new TempFolder();

        var thrown = Assert.Throws<PluginManifestException>(() => PluginManifestReader.ReadFile(Path.Combine(temp.Path, "plugin.json")));

        Assert.StartsWith("cannot be read: ", Assert.Single(thrown.Faults), StringComparison.Ordinal);
    }

    internal static JsonObject Good() => new()
    {
        ["id"] = "example-1",
        ["name"] = "Beispiel 示例",
        ["version"] = "1.2.3-beta.1+build.5",
        ["assembly"] = "Example.Plugin.dll",
        ["entryType"] = "Example.Plugin.Entry",
        ["minimumContract"] = "1.0",
        ["maximumContract"] = "1.12",
        ["pages"] = new JsonArray(new JsonObject { ["title"] = "Home", ["path"] = "/example/" }),
    };

    static PluginManifest Read(JsonObject json) => PluginManifestReader.Read(Encoding.UTF8.GetBytes(json.ToJsonString()));

    static IReadOnlyList<string> Faults(JsonObject json) => Assert.Throws<PluginManifestException>(() => Read(json)).Faults;
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MailPlugin.Http.Problems;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http;

/// <summary>What is said of a field at fault, in Chinese too.</summary>
public sealed partial class FaultTextsTests
{
    static readonly string Source = Path.Combine(Repository.Root, "src");

    [Fact]
    public void Each_rule_that_a_body_may_break_is_said_in_Chinese_too()
    {
        // Options stop a start and are read in a log, which is English.
        string[] others = ["Options", "FromHost", "KeyRing", "Transfer", "Storage", "BootstrapKey.cs"];
        var messages = new[] { Path.Combine(Source, "MailPlugin"), Path.Combine(Source, "MailPlugin.Smtp", "Mime") }
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(file => !others.Any(other => file.Contains(other, StringComparison.Ordinal)) && !file.Contains("/obj/", StringComparison.Ordinal))
            .SelectMany(file => Rule().Matches(File.ReadAllText(file))).Select(match => Filled(match.Groups["text"].Value)).ToHashSet();

        Assert.InRange(messages.Count, 80, 200);
        Assert.DoesNotContain(messages, message => FaultTexts.Chinese(message) is null);
    }

    [Theory]
    [InlineData("must be between 1 and 65535", "必须在 1 到 65535 之间")]
    [InlineData("must be given", "必填")]
    [InlineData("nobody knows this", null)]
    public void What_differs_from_case_to_case_is_in_its_place(string english, string? chinese) => Assert.Equal(chinese, FaultTexts.Chinese(english));

    [Fact]
    public async Task Errors_are_in_the_language_that_was_asked_for()
    {
        await using var host = await PluginHost.StartAsync();
        var body = new JsonObject { ["name"] = "", ["scopes"] = new JsonArray() };

        var english = await host.SendAsync(HttpMethod.Post, "keys", body, host.Key);
        var chinese = await host.SendAsync(HttpMethod.Post, "keys", body.DeepClone(), host.Key, request => request.Headers.AcceptLanguage.Add(new("zh-CN")));

        Assert.Equal("must be a name of up to 64 characters", english.Json["errors"]!["name"]![0]!.GetValue<string>());
        Assert.Equal("必须是最多 64 个字符的名称", chinese.Json["errors"]!["name"]![0]!.GetValue<string>());
    }

    /// <summary>A value for each place, and what C# escapes.</summary>
    static string Filled(string text) => Regex.Unescape(Place().Replace(text, "1"));

    [GeneratedRegex(@"""(?<text>must (?:be|have|not|stand|say|write|close|equal|hold|authenticate)(?:[^""\\{]|\\.|\{[^{}""]*(?:""[^""]*""[^{}""]*)*\})*)""")]
    private static partial Regex Rule();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Place();
}

using System.Text;
using MailPlugin.Http.Binding;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Http.Hostile;

/// <summary>Bodies that are JSON, or nearly, and made to cost: every route that takes one refuses them in an answer of a bounded size.</summary>
public sealed class JsonBombTests(SharedPluginHost shared) : IClassFixture<SharedPluginHost>
{
    /// <summary>More than the paths of as many faults as are told.</summary>
    const int LongestAnswer = 256 * 1024;

    readonly PluginHost _host = shared.Host;

    public static TheoryData<string> Bombs => [.. Texts.Keys];

    static Dictionary<string, Func<string>> Texts { get; } = new()
    {
        ["deep lists"] = () => new string('[', 100_000) + new string(']', 100_000),
        ["deep objects"] = () => string.Concat(Enumerable.Repeat("""{"a":""", 50_000)) + "1" + new string('}', 50_000),
        ["deep and unclosed"] = () => new string('[', 100_000),
        ["deep in a known property"] = () => $$"""{"transports":{{new string('[', 30)}}{{new string(']', 30)}},"messages":{{new string('[', 30)}}{{new string(']', 30)}}}""",
        ["many properties"] = () => $"{{{string.Join(',', Enumerable.Range(0, 15_000).Select(number => $"\"p{number}\":1"))}}}",
        ["many items"] = () => $$"""{"transports":[{{string.Join(',', Enumerable.Repeat("{}", 50_000))}}],"scopes":[{{string.Join(',', Enumerable.Repeat("1", 10_000))}}]}""",
        ["a number without end"] = () => $$"""{"version":{{new string('9', 100_000)}},"ratePerMinute":{{new string('9', 100_000)}}}""",
        ["a number beyond all"] = () => """{"version":1e999999999,"ratePerMinute":-1e999999999,"port":1E+400}""",
        ["the same name again and again"] = () => $"{{{string.Join(',', Enumerable.Repeat("\"enabled\":true", 15_000))}}}",
        ["the same name twice"] = () => """{"enabled":true,"enabled":false,"name":"a","name":"b","paused":true,"paused":false,"key":"a","key":"b","text":"a","text":"b"}""",
        ["a long name"] = () => $$"""{"{{new string('n', 200_000)}}":1}""",
        ["escapes"] = () => $$"""{"{{string.Concat(Enumerable.Repeat("\\u0000", 10_000))}}":"{{string.Concat(Enumerable.Repeat("\\ud83d", 10_000))}}"}""",
        ["no JSON at all"] = () => new string('\0', 10_000),
        ["a comment"] = () => """{/* x */"enabled":true}""",
        ["white space"] = () => new string(' ', 200_000),
    };

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task It_is_refused_by_every_route_that_takes_a_body(string name)
    {
        var text = Texts[name]();
        foreach (var route in (await RouteTable.OfAsync(_host)).Where(route => route.Changes && route.Method != HttpMethod.Delete))
        {
            var answer = await _host.SendAsync(route.Method, route.With("x"), null, _host.Key, request =>
            {
                request.Headers.TryAddWithoutValidation("If-Match", "\"0\"");
                request.Content = new StringContent(text, Encoding.UTF8, "application/json");
            });
            Assert.True(answer.Status is >= 400 and < 500, $"{route} given {name}: {answer.Status}");
            Assert.True(answer.Text.Length < LongestAnswer, $"{route} given {name}: {answer.Text.Length} characters");
        }
    }

    [Fact]
    public async Task Of_faults_without_end_as_many_are_told_as_anybody_reads()
    {
        var answer = await _host.SendAsync(HttpMethod.Post, "messages", null, _host.Key, request => request.Content = new StringContent(
            $"{{{string.Join(',', Enumerable.Range(0, 500_000).Select(number => $"\"p{number}\":1"))}}}", Encoding.UTF8, "application/json"));

        Assert.Equal((400, "invalid-message"), (answer.Status, answer.Slug));
        Assert.Equal(Faults.Most, answer.ErrorPaths.Count);
    }
}

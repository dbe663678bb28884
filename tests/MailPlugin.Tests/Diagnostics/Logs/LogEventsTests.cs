using System.Globalization;
using System.Text.RegularExpressions;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Diagnostics.Logs;

/// <summary>Who watches the log does so by event ids: each is one event's, and the README's table has them all.</summary>
public sealed partial class LogEventsTests
{
    static readonly IReadOnlyList<int> Written =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "MailPlugin"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .SelectMany(file => EventId().Matches(File.ReadAllText(file))).Select(match => Number(match.Groups[1].Value)),
    ];

    [Fact]
    public void An_id_is_the_id_of_one_event() => Assert.Equal(Written.Distinct().Order(), Written.Order());

    [Fact]
    public void The_table_of_the_README_names_each_event_and_no_other()
    {
        var named = File.ReadLines(Path.Combine(Repository.Root, "README.md")).Select(line => Row().Match(line)).Where(row => row.Success).SelectMany(row => Ids(row.Groups[1].Value)).ToHashSet();

        Assert.NotEmpty(named);
        Assert.Empty(Written.Except(named));
        Assert.Empty(named.Except(Written));
    }

    static IEnumerable<int> Ids(string cell) => cell.Split(',', StringSplitOptions.TrimEntries).SelectMany(part =>
        part.Split(" to ") is [var first, var last] ? Enumerable.Range(Number(first), Number(last) - Number(first) + 1) : [Number(part)]);

    static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"EventId = (\d+)")]
    private static partial Regex EventId();

    [GeneratedRegex(@"^\| (\d{4}(?:(?:, | to )\d{4})*) \|")]
    private static partial Regex Row();
}

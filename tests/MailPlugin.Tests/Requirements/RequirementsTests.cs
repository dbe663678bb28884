using System.Text.RegularExpressions;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Requirements;

/// <summary><c>tests/requirements.tsv</c> against the sources: each thing that was asked for has a test, and the test is there.</summary>
public sealed partial class RequirementsTests
{
    /// <summary>What nothing shows yet. It may only become shorter.</summary>
    static readonly string[] Open = [];

    static readonly IEnumerable<string> Ids =
    [
        .. Of("TB", 10), .. Of("W9", 18).Except(["W9-12"]), .. Of("DCE", 12), .. Of("OC", 14), .. Of("HB", 6), .. Of("U", 15),
    ];

    [Fact]
    public void Each_id_has_one_row_and_a_name() => Assert.Equal(Ids, Rows().Select(row => row.Id));

    [Fact]
    public void Each_row_names_tests_that_are_there()
    {
        var there = TestsOfTheSources();
        Assert.True(there.Count > 500, $"{there.Count} tests were found.");
        var missing = Rows().Where(row => !IsOpen(row))
            .SelectMany(row => row.Shown.Split(' ').Where(test => !there.Contains(test)).Select(test => $"{row.Id}: {test}"));
        Assert.Empty(missing);
    }

    [Fact]
    public void What_is_open_is_known_and_says_why()
    {
        var open = Rows().Where(IsOpen).ToList();
        Assert.Equal(Open, open.Select(row => row.Id));
        Assert.All(open, row => Assert.True(row.Shown.Length > "open: ".Length + 10, row.Id));
    }

    [Fact]
    public void The_threat_model_names_tests_that_are_there()
    {
        var there = TestsOfTheSources();
        var named = TestName().Matches(File.ReadAllText(Path.Combine(Repository.Root, "SECURITY.md"))).Select(match => match.Groups["name"].Value).ToList();
        Assert.True(named.Count > 30, $"{named.Count} tests are named.");
        Assert.Empty(named.Except(there));
    }

    static IEnumerable<string> Of(string document, int count) => Enumerable.Range(1, count).Select(number => $"{document}-{number}");

    static bool IsOpen((string Id, string Name, string Shown) row) => row.Shown.StartsWith("open: ", StringComparison.Ordinal);

    static List<(string Id, string Name, string Shown)> Rows() =>
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "tests", "requirements.tsv")).Where(line => line.Length > 0 && line[0] != '#').Select(line =>
        {
            var cells = line.Split('\t');
            Assert.True(cells.Length == 3 && cells.All(cell => cell.Length > 0), $"A row has an id, a name and its tests: {line}");
            return (cells[0], cells[1], cells[2]);
        }),
    ];

    /// <summary>Class and method of everything that carries the attribute of a test; a test that is skipped is none.</summary>
    static HashSet<string> TestsOfTheSources()
    {
        var tests = new HashSet<string>(StringComparer.Ordinal);
        var root = Path.Combine(Repository.Root, "tests");
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Where(file => !BuiltFolder().IsMatch(Path.GetRelativePath(root, file))))
        {
            var type = "";
            var isTest = false;
            foreach (var line in File.ReadLines(file))
            {
                type = TypeName().Match(line) is { Success: true } named ? named.Groups["name"].Value : type;
                isTest |= TestAttribute().IsMatch(line);
                if (isTest && Method().Match(line) is { Success: true } method)
                {
                    tests.Add($"{type}.{method.Groups["name"].Value}");
                    isTest = false;
                }
            }
        }

        return tests;
    }

    [GeneratedRegex(@"`(?<name>\w+Tests\.\w+)`")]
    private static partial Regex TestName();

    [GeneratedRegex(@"(^|[\\/])(bin|obj|\.bed)[\\/]")]
    private static partial Regex BuiltFolder();

    [GeneratedRegex(@"^\s*(?:public|internal|file)?\s*(?:abstract |sealed |static |partial )*class (?<name>\w+)")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"^\s*\[\w*(?:Fact|Theory)\b(?!.*\bSkip\s*=)")]
    private static partial Regex TestAttribute();

    [GeneratedRegex(@"^\s*public (?:async )?(?:Task|void) (?<name>\w+)\(")]
    private static partial Regex Method();
}

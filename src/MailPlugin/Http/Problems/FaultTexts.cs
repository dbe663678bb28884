using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace MailPlugin.Http.Problems;

/// <summary>
/// What is said of a field at fault, in the reader's language. The rules say it in English where they stand; <c>fault-texts.txt</c> has the same in Chinese, <c>{0}</c> for what differs from case to case. A message
/// that has no line there stays as it is.
/// </summary>
internal static partial class FaultTexts
{
    static readonly Lazy<(FrozenDictionary<string, string> Whole, (Regex English, string Chinese)[] Patterns)> Texts = new(Read);

    public static string In(Language language, string message) => language == Language.Chinese ? Chinese(message) ?? message : message;

    /// <summary>Null where there is none.</summary>
    public static string? Chinese(string message)
    {
        var (whole, patterns) = Texts.Value;
        if (whole.TryGetValue(message, out var text))
        {
            return text;
        }

        foreach (var (english, chinese) in patterns)
        {
            if (english.Match(message) is { Success: true } match)
            {
                return Place().Replace(chinese, place => match.Groups[$"p{place.Groups[1].Value}"].Value);
            }
        }

        return null;
    }

    static (FrozenDictionary<string, string> Whole, (Regex English, string Chinese)[] Patterns) Read()
    {
        using var stream = typeof(FaultTexts).Assembly.GetManifestResourceStream("fault-texts.txt")!;
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToList();
        return (
            lines.Where(line => !Place().IsMatch(line[0])).ToFrozenDictionary(line => line[0], line => line[1], StringComparer.Ordinal),
            [.. lines.Where(line => Place().IsMatch(line[0])).Select(line => (Pattern(line[0]), line[1]))]);
    }

    /// <summary>Linear in the message: it may hold a caller's own words.</summary>
    static Regex Pattern(string english) =>
        new($"^{Place().Replace(Regex.Escape(english).Replace("\\{", "{", StringComparison.Ordinal), "(?<p$1>.+)")}$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);

    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Place();
}

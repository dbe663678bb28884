using System.Text;
using System.Text.RegularExpressions;

namespace MailPlugin.Settings.Transfer.Formats;

/// <summary>A variable of an environment file.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Value">Null when it refers to another variable or to a command.</param>
/// <param name="Line">From 1.</param>
internal sealed record EnvVariable(string Name, string? Value, int Line);

/// <summary>Variables as <c>.env</c> files, shells and compose files write them: <c>NAME=value</c>, <c>export</c>, <c>- NAME=value</c>, <c>NAME: value</c>. Nothing is looked up.</summary>
internal static partial class EnvFile
{
    public static IReadOnlyList<EnvVariable> Read(string text)
    {
        var variables = new List<EnvVariable>();
        var number = 0;
        foreach (var line in text.EnumerateLines())
        {
            number++;
            if (Assignment().Match(line.ToString()) is { Success: true } match)
            {
                variables.Add(new(match.Groups["name"].Value, Value(match.Groups["value"].Value.Trim()), number));
            }
        }

        return variables;
    }

    static string? Value(string text) => text switch
    {
        ['\'', ..] when text.IndexOf('\'', 1) is > 0 and var end => text[1..end],
        ['"', ..] => DoubleQuoted(text),
        _ => Bare(text),
    };

    static string? Bare(string text)
    {
        var comment = Comment().Match(text);
        return Refers(text = (comment.Success ? text[..comment.Index] : text).Trim()) ? null : text;
    }

    static string? DoubleQuoted(string text)
    {
        var value = new StringBuilder();
        for (var at = 1; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '"' or '\\' or '$' or '`')
            {
                at++;
            }
            else if (text[at] == '$' && at + 1 < text.Length && text[at + 1] is '{' or '(')
            {
                return null;
            }

            value.Append(text[at]);
        }

        return value.ToString();
    }

    static bool Refers(string text) => text.Contains("${", StringComparison.Ordinal) || text.Contains("$(", StringComparison.Ordinal) || (text.Length > 1 && text[0] == '`' && text[^1] == '`');

    [GeneratedRegex(@"^\s*(?:-\s+)?(?:export\s+|set\s+|env\s+)?[""']?(?<name>[A-Za-z_][A-Za-z0-9_.]{0,127})[""']?\s*(?:=|:(?!//))\s*(?<value>.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"(?:^|\s)#.*$")]
    private static partial Regex Comment();
}

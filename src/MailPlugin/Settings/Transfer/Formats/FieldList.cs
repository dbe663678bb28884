using System.Text.RegularExpressions;

namespace MailPlugin.Settings.Transfer.Formats;

/// <summary>A field of a list that was copied from a page: its label without decoration, and its value.</summary>
internal sealed record ListedField(string Label, string Value, int Line);

/// <summary>Labels and values as people paste them: a table in Markdown or with tabs, columns of blanks, or <c>label: value</c>.</summary>
internal static partial class FieldList
{
    /// <param name="text">The list.</param>
    /// <param name="lastIsValue">Where no heading tells: whether the value is the last of three columns or more, and not the second.</param>
    public static IReadOnlyList<ListedField> Read(string text, bool lastIsValue)
    {
        var fields = new List<ListedField>();
        int? valueColumn = null;
        var number = 0;
        foreach (var raw in text.EnumerateLines())
        {
            number++;
            var cells = Cells(raw.ToString());
            if (cells.Count < 2 || cells.All(cell => Rule().IsMatch(cell)))
            {
                continue;
            }

            if (cells.FindIndex(cell => Heading().IsMatch(cell)) is > 0 and var column)
            {
                valueColumn = column;
                continue;
            }

            var value = cells[Math.Min(valueColumn ?? (lastIsValue ? cells.Count - 1 : 1), cells.Count - 1)];
            fields.Add(new(cells[0].TrimEnd(':', '：').Trim().Replace('’', '\''), value, number));
        }

        return fields;
    }

    static List<string> Cells(string line)
    {
        line = line.Trim();
        if (line.Length == 0)
        {
            return [];
        }

        if (line.Contains('|', StringComparison.Ordinal))
        {
            // The bars around a row are no columns; an empty cell within is one.
            var row = line.StartsWith('|') ? line[1..] : line;
            return [.. (row.EndsWith('|') ? row[..^1] : row).Split('|').Select(Plain)];
        }

        if (line.Contains('\t', StringComparison.Ordinal))
        {
            return [.. line.Split('\t').Select(Plain)];
        }

        if (Gap().Split(line) is { Length: > 1 } columns)
        {
            return [.. columns.Select(Plain)];
        }

        return line.IndexOfAny([':', '：', '=']) is > 0 and var at ? [Plain(line[..at]), Plain(line[(at + 1)..])] : [Plain(line)];
    }

    /// <summary>Without Markdown's stars, backticks, links and backslashes.</summary>
    static string Plain(string cell)
    {
        var text = cell.Trim();
        if (text.StartsWith("**", StringComparison.Ordinal) && text.EndsWith("**", StringComparison.Ordinal) && text.Length > 4 && !ImportedText.IsMasked(text))
        {
            text = text[2..^2];
        }

        if (text.Length > 1 && text[0] == '`' && text[^1] == '`')
        {
            return text[1..^1];
        }

        return Escaped().Replace(text, "$1").Trim();
    }

    [GeneratedRegex(@"^[:\s-]*\z")]
    private static partial Regex Rule();

    [GeneratedRegex(@"^(example )?value\z|^example\z", RegexOptions.IgnoreCase)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\\([*_`|\\-])")]
    private static partial Regex Escaped();

    [GeneratedRegex(@" {2,}")]
    private static partial Regex Gap();
}

namespace MailPlugin.Templates.Editing;

/// <summary>What changed between two texts, line by line: <c>same</c>, <c>removed</c>, <c>added</c>.</summary>
internal static class LineDiff
{
    /// <summary>Beyond this many comparisons what is between the common beginning and end is shown as replaced.</summary>
    const int MaxCells = 4_000_000;

    public static IReadOnlyList<LineChange> Of(string? before, string? after)
    {
        var (old, now) = (Lines(before), Lines(after));
        var start = 0;
        while (start < old.Length && start < now.Length && old[start] == now[start])
        {
            start++;
        }

        var end = 0;
        while (end < old.Length - start && end < now.Length - start && old[^(end + 1)] == now[^(end + 1)])
        {
            end++;
        }

        return
        [
            .. old[..start].Select(line => new LineChange(LineOperation.Same, line)),
            .. Middle(old[start..^end], now[start..^end]),
            .. old[^end..].Select(line => new LineChange(LineOperation.Same, line)),
        ];
    }

    static IEnumerable<LineChange> Middle(string[] old, string[] now)
    {
        if ((long)old.Length * now.Length > MaxCells)
        {
            return old.Select(Removed).Concat(now.Select(Added));
        }

        // Longest common subsequence, from the end, so that it can be followed from the beginning.
        var common = new int[old.Length + 1, now.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
        {
            for (var j = now.Length - 1; j >= 0; j--)
            {
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        return Follow(old, now, common);
    }

    static IEnumerable<LineChange> Follow(string[] old, string[] now, int[,] common)
    {
        var (i, j) = (0, 0);
        while (i < old.Length || j < now.Length)
        {
            if (i < old.Length && j < now.Length && old[i] == now[j])
            {
                yield return new(LineOperation.Same, old[i++]);
                j++;
            }
            else if (j == now.Length || (i < old.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                yield return Removed(old[i++]);
            }
            else
            {
                yield return Added(now[j++]);
            }
        }
    }

    static LineChange Removed(string line) => new(LineOperation.Removed, line);

    static LineChange Added(string line) => new(LineOperation.Added, line);

    static string[] Lines(string? text) => text is null ? [] : text.ReplaceLineEndings("\n").Split('\n');
}

internal sealed record LineChange(LineOperation Op, string Text);

internal enum LineOperation
{
    Same,
    Removed,
    Added,
}

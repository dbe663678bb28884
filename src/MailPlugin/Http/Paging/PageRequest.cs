using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Http.Paging;

/// <summary>The place in a list, newest first, behind which a page begins.</summary>
internal sealed record PagePosition(DateTimeOffset At, string Id);

/// <summary>
/// Which page of a list is wanted: <c>?limit=</c> and <c>?cursor=</c>. A cursor is opaque, is a key rather than an offset, and carries a
/// fingerprint of the filter that it was made for: with another filter it is refused.
/// </summary>
internal sealed record PageRequest
{
    const int DefaultLimit = 50;
    const int MaxLimit = 200;

    string _filter = "";

    public int Limit { get; private init; } = DefaultLimit;

    public PagePosition? Position { get; private init; }

    public ProblemResult? Problem { get; private init; }

    /// <param name="context">The request.</param>
    /// <param name="filter">Everything that decides which items the list has.</param>
    public static PageRequest Read(HttpContext context, string filter)
    {
        var faults = new Faults();
        var limit = DefaultLimit;
        var limitText = context.Request.Query["limit"].ToString();
        if (limitText.Length > 0 && (!int.TryParse(limitText, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MaxLimit))
        {
            faults.Add("limit", $"must be between 1 and {MaxLimit}");
            return new() { Problem = Problems.Problem.Invalid("invalid-request", faults) };
        }

        var fingerprint = Fingerprint(filter);
        var cursor = context.Request.Query["cursor"].ToString();
        if (cursor.Length == 0)
        {
            return new() { Limit = limit, _filter = fingerprint };
        }

        return Parse(cursor, fingerprint) is { } position
            ? new() { Limit = limit, Position = position, _filter = fingerprint }
            : new() { Problem = Problems.Problem.Of("invalid-cursor") };
    }

    /// <summary>The answer for items that were read with one more than <see cref="Limit"/>: the surplus says that there is a next page.</summary>
    public IResult Answer<T>(IReadOnlyList<T> items, Func<T, PagePosition> positionOf) => Answer(items, positionOf, item => item);

    public IResult Answer<T, TItem>(IReadOnlyList<T> items, Func<T, PagePosition> positionOf, Func<T, TItem> show)
    {
        var next = items.Count > Limit ? Cursor(positionOf(items[Limit - 1])) : null;
        return Results.Ok(new { items = items.Take(Limit).Select(show), next });
    }

    /// <summary>The answer from a list that is short enough to be held whole.</summary>
    public IResult AnswerFrom<T, TItem>(IEnumerable<T> all, Func<T, PagePosition> positionOf, Func<T, TItem> show) => Answer(
        [.. all.Select(item => (Item: item, Position: positionOf(item)))
            .OrderByDescending(placed => placed.Position.At.ToUnixTimeMilliseconds()).ThenByDescending(placed => placed.Position.Id, StringComparer.Ordinal)
            .SkipWhile(placed => Position is not null && !IsBehind(placed.Position, Position)).Take(Limit + 1)],
        placed => placed.Position,
        placed => show(placed.Item));

    public string Cursor(PagePosition position) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{_filter}|{position.At.ToUnixTimeMilliseconds()}|{position.Id}")));

    /// <summary>A cursor keeps milliseconds.</summary>
    static bool IsBehind(PagePosition position, PagePosition other) =>
        (position.At.ToUnixTimeMilliseconds() - other.At.ToUnixTimeMilliseconds()) switch
        {
            0 => string.CompareOrdinal(position.Id, other.Id) < 0,
            var difference => difference < 0,
        };

    static PagePosition? Parse(string cursor, string fingerprint)
    {
        if (cursor.Length > 512 || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('|', 3);
        return parts.Length == 3 && parts[0] == fingerprint
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds < 253_402_300_799_999
            ? new(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), parts[2])
            : null;
    }

    static string Fingerprint(string filter) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(filter)).AsSpan(0, 8));
}

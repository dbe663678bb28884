using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Settings.Reading;

namespace MailPlugin.Settings.Transfer;

/// <summary>Gives imported transports ids that are valid, unique and not those of the host's own transports.</summary>
internal static class TransportIds
{
    const int Longest = 60;

    /// <param name="transports">Whose <c>id</c> is what their id is to be made of.</param>
    /// <param name="taken">Ids that belong to others.</param>
    /// <param name="areIds">Whether they already are ids: then they stay where they can.</param>
    public static void Set(IReadOnlyList<JsonObject> transports, IEnumerable<string> taken, bool areIds)
    {
        var used = areIds ? new HashSet<string>(StringComparer.Ordinal) : taken.ToHashSet(StringComparer.Ordinal);
        foreach (var transport in transports)
        {
            var id = areIds && TransportReader.ValidId(JsonSerializer.SerializeToElement(transport)) is { } valid ? valid : Slug(transport["id"]?.ToString() ?? "");
            transport["id"] = Free(id, used);
        }
    }

    static string Free(string id, HashSet<string> used)
    {
        var free = id;
        for (var number = 2; !used.Add(free); number++)
        {
            free = $"{id}-{number}";
        }

        return free;
    }

    static string Slug(string text)
    {
        var slug = new StringBuilder();
        foreach (var letter in text.ToLowerInvariant().Take(Longest))
        {
            if (letter is (>= 'a' and <= 'z') or (>= '0' and <= '9'))
            {
                slug.Append(letter);
            }
            else if (slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        return slug.ToString().Trim('-') is { Length: > 0 } made ? made : "imported";
    }
}

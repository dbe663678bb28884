using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MailPlugin.Settings.Secrets;

namespace MailPlugin.Settings.Versions;

/// <summary>What differs between two settings, value by value. Transports are compared by id, DKIM keys by domain and selector.</summary>
internal static class SettingsDiff
{
    const int LongestSummary = 1000;

    public static IReadOnlyList<SettingsChange> Between(MailSettings before, MailSettings after)
    {
        var changes = new List<SettingsChange>();
        CompareObjects("", SettingsDocument.Write(before), SettingsDocument.Write(after), changes);
        CompareSecrets(before, after, changes);
        return changes;
    }

    /// <summary>The paths alone, for the audit log.</summary>
    public static string Summary(IReadOnlyList<SettingsChange> changes)
    {
        var text = new StringBuilder();
        foreach (var (change, index) in changes.Select((change, index) => (change, index)))
        {
            if (text.Length + change.Path.Length > LongestSummary)
            {
                return text.Append(CultureInfo.InvariantCulture, $" and {changes.Count - index} more").ToString();
            }

            text.Append(index == 0 ? "" : ", ").Append(change.Path).Append(change.Kind == SettingsChangeKind.Changed ? "" : change.Kind == SettingsChangeKind.Added ? " added" : " removed");
        }

        return text.Length == 0 ? "nothing changed" : text.ToString();
    }

    static void CompareObjects(string path, JsonObject before, JsonObject after, List<SettingsChange> changes)
    {
        foreach (var name in before.Select(pair => pair.Key).Union(after.Select(pair => pair.Key)).Where(name => !SaysThereIsASecret(name)))
        {
            Compare(path.Length == 0 ? name : $"{path}.{name}", before[name], after[name], changes);
        }
    }

    static void Compare(string path, JsonNode? before, JsonNode? after, List<SettingsChange> changes)
    {
        switch (path, before, after)
        {
            case ("transports", JsonArray left, JsonArray right):
                CompareItems(path, left, right, (item, _) => $"id={item["id"]}", (item, _) => item["id"]!.ToString(), changes);
                break;
            case ("dkim", JsonArray left, JsonArray right):
                CompareItems(path, left, right, (_, index) => index.ToString(CultureInfo.InvariantCulture), (item, _) => $"{item["domain"]}/{item["selector"]}", changes);
                break;
            case (_, JsonObject left, JsonObject right):
                CompareObjects(path, left, right, changes);
                break;
            default:
                if (!JsonNode.DeepEquals(before, after))
                {
                    changes.Add(new(path, KindOf(before, after), before, after));
                }

                break;
        }
    }

    static void CompareItems(
        string path, JsonArray before, JsonArray after, Func<JsonObject, int, string> selectorOf, Func<JsonObject, int, string> keyOf, List<SettingsChange> changes)
    {
        var (left, right) = (Keyed(before), Keyed(after));
        foreach (var (key, selector, item) in left.Where(entry => right.All(other => other.Key != entry.Key)))
        {
            changes.Add(new($"{path}[{selector}]", SettingsChangeKind.Removed, item, null));
        }

        foreach (var (key, selector, item) in right)
        {
            if (left.Find(entry => entry.Key == key) is { Item: { } old })
            {
                CompareObjects($"{path}[{selector}]", old, item, changes);
            }
            else
            {
                changes.Add(new($"{path}[{selector}]", SettingsChangeKind.Added, null, item));
            }
        }

        // The order in which transports are tried is a setting too.
        var (was, now) = (Order(left, right), Order(right, left));
        if (!was.SequenceEqual(now))
        {
            changes.Add(new(path, SettingsChangeKind.Changed, Names(was), Names(now)));
        }

        List<(string Key, string Selector, JsonObject Item)> Keyed(JsonArray items) =>
            [.. items.Select((item, index) => (keyOf(item!.AsObject(), index), selectorOf(item.AsObject(), index), item.AsObject()))];
    }

    static List<string> Order(List<(string Key, string Selector, JsonObject Item)> of, List<(string Key, string Selector, JsonObject Item)> shared) =>
        [.. of.Select(entry => entry.Key).Where(key => shared.Exists(other => other.Key == key))];

    static JsonArray Names(IEnumerable<string> keys) => [.. keys.Select(key => JsonValue.Create(key))];

    static void CompareSecrets(MailSettings before, MailSettings after, List<SettingsChange> changes)
    {
        var (left, right) = (KeptSecrets.Fields(before), KeptSecrets.Fields(after));
        foreach (var key in left.Keys.Union(right.Keys))
        {
            // What came or went with its transport or its key is told by that.
            if (left.TryGetValue(key, out var old) && right.TryGetValue(key, out var now) && !Equals(old.Value, now.Value))
            {
                changes.Add(new(now.Path, SettingsChangeKind.Changed, null, null, IsSecret: true));
            }
        }
    }

    static SettingsChangeKind KindOf(JsonNode? before, JsonNode? after) =>
        before is null ? SettingsChangeKind.Added : after is null ? SettingsChangeKind.Removed : SettingsChangeKind.Changed;

    /// <summary><c>hasPassword</c> and its like: the secret itself is compared.</summary>
    static bool SaysThereIsASecret(string name) => name.Length > 3 && name.StartsWith("has", StringComparison.Ordinal) && char.IsAsciiLetterUpper(name[3]);
}

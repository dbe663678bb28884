using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MailPlugin.Http.Binding;
using MailPlugin.Settings;
using MailPlugin.Settings.Reading;
using MailPlugin.Settings.Secrets;
using MailPlugin.Tests.Fixtures;

namespace MailPlugin.Tests.Settings;

/// <summary>Mutations of sound settings: whatever comes, the reader answers with settings or with faults that lead to their place.</summary>
public sealed partial class SettingsFuzzTests
{
    const int Cases = 5_000;

    static readonly string[] Strange =
    [
        "null", "true", "0", "-1", "1e400", "3.5", "99999999999999999999", "\"\"", "\"\\ud800\"", "\"a\\u0000b\"", "\"a\\r\\nb\"", "\"😀\"", "[]", "{}", "[[[[[[[[]]]]]]]]",
        "[null,1,\"x\",{}]", "{\"\\udc00\":1}", "{\"a\":1,\"a\":2}", "\"xn--\"", "\"xn--a\"", "\"..\"", "\"1.2.3\"", "\"::1%1\"", "\"[::1]\"", "\"a@b\"", "\"\\\"a b\\\"@example.com\"",
        "\"primary\"", "\"auto\"", "\"smtp\"", "\"-----BEGIN CERTIFICATE-----\\nAA==\\n-----END CERTIFICATE-----\"", "{\"address\":\"a@example.com\"}",
    ];

    [Fact]
    public void Whatever_comes_is_settings_or_faults_with_a_place()
    {
        var random = new Random(20261121);
        for (var number = 0; number < Cases; number++)
        {
            var json = Mutate(random);
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(json, new() { MaxDepth = 32 });
            }
            catch (JsonException)
            {
                continue;
            }

            using (document)
            {
                var faults = new Faults();
                MailSettings settings;
                try
                {
                    settings = SettingsReader.Read(document.RootElement, faults);
                }
                catch (Exception fault)
                {
                    throw new InvalidOperationException($"case {number}: {json}", fault);
                }

                foreach (var path in faults.ToErrors().Keys)
                {
                    Assert.True(LeadsSomewhere(document.RootElement, path), $"case {number}: {path} in {json}");
                }

                if (!faults.Any)
                {
                    Survives(settings, number);
                }
            }
        }
    }

    static void Survives(MailSettings settings, int number)
    {
        var written = SettingsDocument.Write(settings).ToJsonString(SettingsDocument.Json);
        var (again, errors) = Bodies.Read(written);
        Assert.True(errors.Count == 0, $"case {number}: {string.Join(", ", errors.Keys)} of {written}");

        // Secrets are no part of the document: compare with none.
        var (left, right) = (SettingsSecrets.Map(settings, _ => null), SettingsSecrets.Map(again, _ => null));
        Assert.Equal(SettingsDocument.Write(left).ToJsonString(), SettingsDocument.Write(right).ToJsonString());
    }

    static string Mutate(Random random)
    {
        JsonNode root = Bodies.Full();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var places = Places(root).ToList();
            var (parent, key) = places[random.Next(places.Count)];
            switch (random.Next(5))
            {
                case 0:
                    Remove(parent, key);
                    break;
                case 1:
                    var (from, other) = places[random.Next(places.Count)];
                    Set(parent, key, Get(from, other)?.DeepClone());
                    break;
                case 2 when parent is JsonObject holder:
                    holder[$"x{random.Next(3)}"] = 1;
                    break;
                default:
                    // A mark, as the strange values must not be read by our own JSON first.
                    Set(parent, key, $"@@{random.Next(Strange.Length)}@@");
                    break;
            }
        }

        var text = Mark().Replace(root.ToJsonString(), match => Strange[int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)]);
        return random.Next(10) > 0 ? text : Scratch(text, random);
    }

    /// <summary>One byte changed, cut or doubled.</summary>
    static string Scratch(string text, Random random)
    {
        var builder = new StringBuilder(text);
        var at = random.Next(builder.Length);
        return random.Next(3) switch
        {
            0 => builder.Remove(at, 1).ToString(),
            1 => builder.Insert(at, builder[at]).ToString(),
            // Not what paths are made of: a property so named would have an ambiguous one.
            _ => builder.Remove(at, 1).Insert(at, "\"\\{}:,aZ0é \u0001"[random.Next(12)]).ToString(),
        };
    }

    static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode? node)
    {
        IEnumerable<(JsonNode, object, JsonNode?)> own = node switch
        {
            JsonObject holder => holder.Select(pair => ((JsonNode)holder, (object)pair.Key, pair.Value)),
            JsonArray list => list.Select((item, index) => ((JsonNode)list, (object)index, item)),
            _ => [],
        };
        foreach (var (parent, key, child) in own)
        {
            yield return (parent, key);
            foreach (var below in Places(child))
            {
                yield return below;
            }
        }
    }

    static JsonNode? Get(JsonNode parent, object key) => parent is JsonObject holder ? holder[(string)key] : parent[(int)key];

    static void Set(JsonNode parent, object key, JsonNode? value)
    {
        if (parent is JsonObject holder)
        {
            holder[(string)key] = value;
        }
        else
        {
            parent[(int)key] = value;
        }
    }

    static void Remove(JsonNode parent, object key)
    {
        if (parent is JsonObject holder)
        {
            holder.Remove((string)key);
        }
        else
        {
            ((JsonArray)parent).RemoveAt((int)key);
        }
    }

    /// <summary>Whether a path names something that is there, or a property that is missing from an object that is there.</summary>
    static bool LeadsSomewhere(JsonElement root, string path)
    {
        var at = root;
        if (path.Length == 0)
        {
            return true;
        }

        var steps = Step().Matches(path);
        Assert.Equal(path.Length, steps.Sum(step => step.Length));
        for (var index = 0; index < steps.Count; index++)
        {
            var (name, item) = (steps[index].Groups["name"].Value, steps[index].Groups["item"]);
            if (at.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            if (!TryGet(at, name, out at))
            {
                return index == steps.Count - 1 && !item.Success;
            }

            if (item.Success)
            {
                if (at.ValueKind != JsonValueKind.Array)
                {
                    return false;
                }

                var found = item.Value.StartsWith("id=", StringComparison.Ordinal)
                    ? at.EnumerateArray().Where(element => TransportReader.ValidId(element) == item.Value[3..]).Take(1).ToArray()
                    : [.. at.EnumerateArray().Skip(int.Parse(item.Value, System.Globalization.CultureInfo.InvariantCulture)).Take(1)];
                if (found.Length == 0)
                {
                    return false;
                }

                at = found[0];
            }
        }

        return true;
    }

    static bool TryGet(JsonElement holder, string name, out JsonElement value)
    {
        foreach (var property in holder.EnumerateObject().Reverse())
        {
            if (JsonText.NameOf(property) == name)
            {
                value = property.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    [GeneratedRegex("\"@@([0-9]+)@@\"")]
    private static partial Regex Mark();

    [GeneratedRegex(@"(?<name>[^.\[\]]+)(?:\[(?<item>[^\]]+)\])?(?:\.|$)")]
    private static partial Regex Step();
}

using System.Buffers;
using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MailPlugin.Http.Binding;

namespace MailPlugin.Templates.Rendering;

/// <summary>
/// Makes a model from what callers bring: texts, numbers, booleans, lists and objects of our own, so that no member of .NET is in reach of a template.
/// Times become texts that <c>formatDate</c> reads.
/// </summary>
internal sealed class ModelConversion
{
    const int MaxDepth = 32;

    /// <summary>C0 but for tabs and line ends, and halves of characters.</summary>
    static readonly SearchValues<char> Suspicious = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(code => (char)code).Where(letter => letter is not ('\t' or '\n' or '\r')), .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    readonly RenderBudget? _budget;
    readonly Faults _faults;
    readonly List<(string? Key, int Index)> _path = [];

    ModelConversion(RenderBudget? budget, Faults faults) => (_budget, _faults) = (budget, faults);

    /// <summary>What cannot be part of a model is noted in <paramref name="faults"/> with its path.</summary>
    public static ModelMap Convert(IReadOnlyDictionary<string, object?>? model, RenderBudget? budget, Faults faults) =>
        new ModelConversion(budget, faults).Map(model ?? new Dictionary<string, object?>());

    /// <summary>A text without control characters and halves of characters.</summary>
    public static string Clean(string text)
    {
        if (text.AsSpan().IndexOfAny(Suspicious) < 0)
        {
            return text;
        }

        return string.Create(text.Length, text, (clean, from) =>
        {
            for (var i = 0; i < from.Length; i++)
            {
                if (char.IsHighSurrogate(from[i]) && i + 1 < from.Length && char.IsLowSurrogate(from[i + 1]))
                {
                    (clean[i], clean[i + 1]) = (from[i], from[i + 1]);
                    i++;
                }
                else
                {
                    clean[i] = Suspicious.Contains(from[i]) ? '\uFFFD' : from[i];
                }
            }
        });
    }

    object? Value(object? value) => value switch
    {
        null or bool or long or decimal or double => value,
        string text => Clean(text),
        int or short or sbyte or byte or ushort or uint => System.Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong big => (decimal)big,
        float single => (double)single,
        DateTimeOffset time => time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        char or Guid or Uri or Enum or TimeOnly or TimeSpan => Clean(string.Format(CultureInfo.InvariantCulture, "{0}", value)),
        JsonElement json => Json(json),
        _ when _path.Count >= MaxDepth => Refused($"must not be nested deeper than {MaxDepth} levels"),
        IReadOnlyDictionary<string, object?> map => Map(map),
        IDictionary map => Map(Entries(map)),
        IEnumerable list => List(list),
        _ => Refused("must be a text, a number, a boolean, a time, a list or a dictionary of these"),
    };

    static Dictionary<string, object?> Entries(IDictionary map)
    {
        var entries = new Dictionary<string, object?>(map.Count, StringComparer.Ordinal);
        foreach (DictionaryEntry entry in map)
        {
            entries[System.Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? ""] = entry.Value;
        }

        return entries;
    }

    ModelMap Map(IReadOnlyDictionary<string, object?> map)
    {
        var values = new Dictionary<string, object?>(map.Count, StringComparer.Ordinal);
        foreach (var (key, value) in map)
        {
            _path.Add((key, 0));
            values[Clean(key)] = Value(value);
            _path.RemoveAt(_path.Count - 1);
        }

        return new(values, _budget);
    }

    ModelList List(IEnumerable list)
    {
        var items = new List<object?>(list is ICollection counted ? counted.Count : 4);
        foreach (var item in list)
        {
            _path.Add((null, items.Count));
            items.Add(Value(item));
            _path.RemoveAt(_path.Count - 1);
        }

        return new(items, _budget);
    }

    object? Json(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Value(json.EnumerateObject().GroupBy(property => JsonText.NameOf(property) ?? "").ToDictionary(group => group.Key, group => (object?)group.Last().Value)),
        JsonValueKind.Array => Value(json.EnumerateArray().Select(item => (object?)item).ToList()),
        JsonValueKind.String => Clean(JsonText.Of(json) ?? ""),
        JsonValueKind.Number => json.TryGetInt64(out var whole) ? whole : json.TryGetDecimal(out var exact) ? exact : json.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    object? Refused(string message)
    {
        var path = new StringBuilder("model");
        foreach (var (key, index) in _path)
        {
            _ = key is null ? path.Append(CultureInfo.InvariantCulture, $"[{index}]") : path.Append('.').Append(Faults.Shortened(key));
        }

        _faults.Add(path.ToString(), message);
        return null;
    }
}

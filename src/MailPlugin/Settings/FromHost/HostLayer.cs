using System.Text.Json;

namespace MailPlugin.Settings.FromHost;

/// <summary>
/// What the host's configuration says of the settings: a layer of values that win over the stored ones, are never stored themselves, and
/// cannot be changed over the API.
/// </summary>
internal sealed class HostLayer
{
    public static HostLayer Empty { get; } = new();

    /// <summary>The values as a draft has them.</summary>
    public JsonElement Draft { get; init; } = JsonSerializer.SerializeToElement(new { });

    public IReadOnlyList<HostValue> Values { get; init; } = [];

    /// <summary>Places of transports in the order, by id.</summary>
    public IReadOnlyDictionary<string, HostOrder> Order { get; init; } = new Dictionary<string, HostOrder>();

    /// <summary>Transports that need nothing beside what is said here.</summary>
    public IReadOnlySet<string> Complete { get; init; } = new HashSet<string>();

    public bool IsEmpty => Values.Count == 0 && Order.Count == 0;

    /// <summary>Files of the configuration, and files named by it, that values come from.</summary>
    public IReadOnlyCollection<string> Files { get; init; } = [];

    public IEnumerable<string> Transports => Values.Select(value => value.Transport).Concat(Order.Keys).OfType<string>().Distinct();

    /// <summary>Path of each value in these settings, and where it comes from.</summary>
    public IReadOnlyDictionary<string, string> Locked(MailSettings settings)
    {
        var locked = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var value in Values.Where(value => !value.IsImplied))
        {
            if (value.PathIn(settings) is { } path)
            {
                locked[path] = value.Origin;
            }
        }

        foreach (var (id, order) in Order.Where(pair => settings.Transport(pair.Key) is not null))
        {
            locked[HostOrder.PathOf(id)] = order.Origin;
        }

        return locked;
    }

    /// <summary>Those with a place first, the others as they were.</summary>
    public IReadOnlyList<TransportSettings> InOrder(IReadOnlyList<TransportSettings> transports) =>
        Order.Count == 0 ? transports : [.. transports.OrderBy(transport => Order.TryGetValue(transport.Id, out var order) ? order.Place : int.MaxValue)];

    /// <summary>Whether the two decide the same, from the same places.</summary>
    public bool Says(HostLayer other) =>
        Draft.GetRawText() == other.Draft.GetRawText() && Values.SequenceEqual(other.Values) && Order.OrderBy(pair => pair.Key).SequenceEqual(other.Order.OrderBy(pair => pair.Key));
}

/// <summary>A transport's place.</summary>
internal sealed record HostOrder(int Place, string Origin)
{
    public static string PathOf(string id) => $"transports[id={id}].order";
}

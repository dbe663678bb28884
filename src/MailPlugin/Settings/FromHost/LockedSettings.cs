using System.Text.Json;
using MailPlugin.Http.Binding;
using MailPlugin.Settings.Reading;

namespace MailPlugin.Settings.FromHost;

/// <summary>
/// What a draft says of values that the host's configuration decides. To say the same passes, in whatever spelling, and so does to leave
/// it out; anything else is a conflict.
/// </summary>
internal static class LockedSettings
{
    /// <param name="draft">As it was sent.</param>
    /// <param name="settings">The draft under the host's values.</param>
    /// <param name="host">The host's values.</param>
    public static Faults Conflicts(JsonElement draft, MailSettings settings, HostLayer host)
    {
        var conflicts = new Faults();
        if (host.IsEmpty)
        {
            return conflicts;
        }

        // Both through the same reader: spelling and defaults are no difference. What it could not read it has replaced by a default, which may be what is decided.
        var unread = new Faults();
        var said = JsonSerializer.SerializeToElement(SettingsDocument.Write(SettingsReader.Read(draft, unread)));
        var decided = JsonSerializer.SerializeToElement(SettingsDocument.Write(settings));
        foreach (var value in host.Values)
        {
            if (value.PathIn(settings) is { } path && SettingsPath.TryFind(draft, path, out var sent) && (unread.At(path) || !IsSame(value, path, sent, said, decided)))
            {
                conflicts.Add(path, Decides(value.Origin));
            }
        }

        AddOrder(draft, settings, host, conflicts);
        return conflicts;
    }

    static bool IsSame(HostValue value, string path, JsonElement sent, JsonElement said, JsonElement decided)
    {
        if (value.Secret is { } secret)
        {
            return sent.ValueKind == JsonValueKind.Null || JsonText.Of(sent) == secret.Reveal();
        }

        var (isSaid, isDecided) = (SettingsPath.TryFind(said, path, out var one), SettingsPath.TryFind(decided, path, out var other));
        return isSaid && isDecided ? JsonElement.DeepEquals(one, other) : isSaid == isDecided;
    }

    static void AddOrder(JsonElement draft, MailSettings settings, HostLayer host, Faults conflicts)
    {
        if (host.Order.Count == 0 || !JsonText.TryGet(draft, "transports", out var transports) || transports.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        var sent = transports.EnumerateArray().Select(TransportReader.ValidId).OfType<string>().ToList();
        if (sent.SequenceEqual(settings.Transports.Select(transport => transport.Id).Where(sent.Contains)))
        {
            return;
        }

        foreach (var (id, order) in host.Order.Where(pair => sent.Contains(pair.Key)))
        {
            conflicts.Add(HostOrder.PathOf(id), Decides(order.Origin));
        }
    }

    static string Decides(string origin) => $"is decided by the host's configuration: {origin}";
}

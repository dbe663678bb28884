using System.Text.Json;
using MailPlugin.Http.Binding;
using MailPlugin.Settings.FromHost;
using MailPlugin.Settings.Reading;
using MailPlugin.Settings.Secrets;

namespace MailPlugin.Settings.Store;

/// <summary>
/// Lays the host's values over what was saved. What the host decided at the time of the save is not the administrator's and is taken out
/// first; a transport that is not whole without it is left out, and told. A stored secret goes along only where the relay is still the one
/// that it was saved for.
/// </summary>
internal static class SettingsComposition
{
    public static VersionedSettings Of(SavedSettings saved, HostLayer host)
    {
        var current = new VersionedSettings(saved.Version, saved.Version == 0 ? null : saved.UpdatedAt, saved.Version == 0 ? null : saved.UpdatedBy, saved.Settings)
        {
            Host = host,
            SavedTransports = saved.Settings.Transports.Select(transport => transport.Id).ToHashSet(StringComparer.Ordinal),
        };
        return host.IsEmpty && saved.Locked.Count == 0 ? current : Compose(current, saved);
    }

    static VersionedSettings Compose(VersionedSettings current, SavedSettings saved)
    {
        var host = current.Host;
        var faults = new Faults();
        var settings = SettingsReader.Read(JsonSerializer.SerializeToElement(saved.Own()), faults, host);
        var notices = new List<SettingsNotice>();
        settings = settings with { Transports = [.. settings.Transports.Where(transport => IsWhole(transport.Id, saved, host, faults, notices))] };
        settings = KeepSecrets(settings, saved, notices);
        notices.AddRange(host.Transports.Where(id => settings.Transport(id) is null && notices.All(notice => notice.Path != PathOf(id))).Select(Waiting));
        return current with { Settings = settings, Notices = notices };
    }

    /// <summary>Only where the host's values come or came in: what was saved by itself is read as far as it goes, as ever.</summary>
    static bool IsWhole(string id, SavedSettings saved, HostLayer host, Faults faults, List<SettingsNotice> notices)
    {
        if (!host.Transports.Contains(id) && !saved.Locked.Any(path => path.StartsWith(PathOf(id) + ".", StringComparison.Ordinal)))
        {
            return true;
        }

        var wrong = faults.ToErrors().Where(pair => pair.Key.StartsWith(PathOf(id), StringComparison.Ordinal)).Select(pair => $"{pair.Key} {pair.Value[0]}").ToList();
        if (wrong.Count > 0)
        {
            notices.Add(new(PathOf(id), new(
                $"Left out: with what the host's configuration now says this transport is not whole. {string.Join("; ", wrong)}.",
                $"已停用：按宿主当前的配置，此发送通道不完整。{string.Join("；", wrong)}。"), IsFault: host.Transports.Contains(id)));
        }

        return wrong.Count == 0;
    }

    static MailSettings KeepSecrets(MailSettings settings, SavedSettings saved, List<SettingsNotice> notices)
    {
        var (filled, needed) = KeptSecrets.Keep(settings, saved.Settings);
        notices.AddRange(needed.Select(path => new SettingsNotice(path, new(
            "The stored secret was saved for another relay than the one that the host's configuration now names, and is not used. Type it again.",
            "已保存的密钥属于另一台服务器，与宿主当前配置的服务器不同，因此不会使用。请重新输入。"), IsFault: true)));
        return filled;
    }

    static SettingsNotice Waiting(string id) => new(PathOf(id), new(
        "The host's configuration has values for this transport, which is not there yet: they are used once it is saved.",
        "宿主配置中有此发送通道的部分值，但它尚不存在；保存后即会使用这些值。"), IsFault: false);

    static string PathOf(string id) => $"transports[id={id}]";
}

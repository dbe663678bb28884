using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;
using MailPlugin.Settings.FromHost;
using MailPlugin.Settings.Reading;
using MailPlugin.Settings.Secrets;

namespace MailPlugin.Settings.Transfer;

/// <summary>
/// Makes a draft that PUT takes as it stands. What the text does not speak of stays as it is; its transports take the place of those in
/// force. Values that break a rule are left out and told, so are those that the host decides; a stored password does not move to another relay.
/// </summary>
internal static class ImportDraft
{
    const int MostTransports = 32;

    /// <summary>To leave a value out may bring out the next fault: a block without its port, a mode without its block.</summary>
    const int Rounds = 8;

    /// <summary>Blocks that are left out as a whole when a part that they need is missing.</summary>
    static readonly string[] Optional = ["from", "replyTo", "proxy", "certificate"];

    public static JsonObject Of(ImportedSettings imported, VersionedSettings current, ImportReport report)
    {
        var draft = imported.IsWhole ? [] : SettingsDocument.Write(current.Settings);
        foreach (var (name, value) in imported.Values)
        {
            draft[name] = value?.DeepClone();
        }

        if (imported.Transports.Count > 0 || imported.IsWhole)
        {
            draft["transports"] = Transports(imported, current, report);
        }

        Mend(draft, current.Host, report);
        GiveWay(draft, current.Host, report);
        ClearForeignSecrets(draft, current, report);
        return draft;
    }

    static JsonArray Transports(ImportedSettings imported, VersionedSettings current, ImportReport report)
    {
        if (imported.Transports.Count > MostTransports)
        {
            report.Warn($"Only the first {MostTransports} transports are taken.", $"仅采用前 {MostTransports} 个发送通道。");
        }

        var taken = imported.Transports.Take(MostTransports).ToList();
        TransportIds.Set(taken, current.Host.Transports, imported.IsWhole);
        var gone = current.Settings.Transports.Select(transport => transport.Id)
            .Except(taken.Select(transport => transport["id"]!.ToString())).Except(current.Host.Transports).ToList();
        if (gone.Count > 0 && taken.Count > 0)
        {
            report.Warn(
                $"In place of what is there this draft removes the transports {string.Join(", ", gone)}; added to it, they stay.",
                $"若用此草稿替换现有设置，将移除发送通道 {string.Join("、", gone)}；若加入现有设置，则予以保留。");
        }

        return [.. taken];
    }

    static void Mend(JsonObject draft, HostLayer host, ImportReport report)
    {
        var missing = new HashSet<string>(StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            var faults = new Faults();
            var root = JsonSerializer.SerializeToElement(draft);
            SettingsReader.Read(root, faults, host);
            var removed = false;
            foreach (var (path, messages) in faults.ToErrors())
            {
                if ((SettingsPath.TryFind(root, path, out _) ? path : Block(path)) is { } wrong)
                {
                    report.Ignore(wrong, Ignored.Wrong(messages[0]));
                    SettingsPath.Remove(draft, wrong);
                    removed = true;
                }
                else if (missing.Add(path))
                {
                    report.Warn($"{path} {messages[0]}", $"{path} 缺失：{messages[0]}");
                }
            }

            if (!removed)
            {
                return;
            }
        }
    }

    /// <summary>The block that a missing value belongs to, where it can go; null where it cannot.</summary>
    static string? Block(string path) =>
        path.LastIndexOf('.') is > 0 and var end && Optional.Contains(path[..end].Split('.')[^1]) ? path[..end] : null;

    /// <summary>What the host's configuration decides is left out where it says something else.</summary>
    static void GiveWay(JsonObject draft, HostLayer host, ImportReport report)
    {
        var root = JsonSerializer.SerializeToElement(draft);
        var settings = SettingsReader.Read(root, new(), host);
        foreach (var (path, messages) in LockedSettings.Conflicts(root, settings, host).ToErrors())
        {
            report.Ignore(path, new(messages[0], $"由宿主配置决定：{messages[0]}"));
            SettingsPath.Remove(draft, path);
        }

        if (host.Order.Count > 0 && draft["transports"] is JsonArray transports)
        {
            var order = settings.Transports.Select(transport => transport.Id).ToList();
            draft["transports"] = new JsonArray([.. transports.Select(transport => transport!.DeepClone()).OrderBy(transport => order.IndexOf(transport["id"]!.ToString()))]);
        }
    }

    static void ClearForeignSecrets(JsonObject draft, VersionedSettings current, ImportReport report)
    {
        var settings = SettingsReader.Read(JsonSerializer.SerializeToElement(draft), new(), current.Host);
        foreach (var path in KeptSecrets.Fill(settings, current.Settings).Needed)
        {
            SettingsPath.Set(draft, path, "");
            report.Warn($"{path}: the stored one belongs to another relay and is not kept.", $"{path}：已保存的密钥属于另一台服务器，不会保留。");
        }
    }
}

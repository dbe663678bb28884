using System.Text.Json.Nodes;
using MailPlugin.Http;
using MailPlugin.Settings;
using MailPlugin.Settings.Transfer;

namespace MailPlugin.Tests.Settings.Transfer;

/// <summary>What was made of a text, before any settings.</summary>
internal sealed record Imported(ImportFormat Format, JsonObject Draft, ImportReport Report)
{
    public IReadOnlyList<string> Recognised => [.. Report.Recognised];

    public IReadOnlyDictionary<string, string> Ignored => Report.Ignored.ToDictionary(item => item.Name, item => item.Why.English);

    public IReadOnlyList<string> Warnings => [.. Report.Warnings.Select(warning => warning.English)];

    public JsonArray Transports => Draft["transports"]!.AsArray();

    public JsonObject Smtp => Transports[0]!["smtp"]!.AsObject();

    public static Imported Of(string text, ImportFormat format = ImportFormat.Auto, VersionedSettings? current = null)
    {
        var report = new ImportReport();
        var (found, settings) = ImportReading.Read(format, text, report);
        return new(found, ImportDraft.Of(settings, current ?? new(0, null, null, MailSettings.Empty), report), report);
    }

    /// <summary>Everything that is told, in both languages.</summary>
    public string Told => string.Join('\n', Report.Recognised.Concat(Report.Ignored.SelectMany(item => Both(item.Why).Append(item.Name))).Concat(Report.Warnings.SelectMany(Both)));

    static IEnumerable<string> Both(LocalizedText text) => [text.English, text.Chinese];
}

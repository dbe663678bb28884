using System.Text.Json.Nodes;

namespace MailPlugin.Settings.Store;

/// <summary>A version as it was saved, with the secrets that were saved with it.</summary>
/// <param name="Version">0 before the first save.</param>
/// <param name="UpdatedAt">When it was saved.</param>
/// <param name="UpdatedBy">By whom.</param>
/// <param name="Document">What was in force then, without secrets.</param>
/// <param name="Settings">The same, read by the rules of today as far as they go.</param>
/// <param name="SecretsAreReadable">False when the key ring that protected them is gone.</param>
internal sealed record SavedSettings(int Version, DateTimeOffset UpdatedAt, string UpdatedBy, JsonObject Document, MailSettings Settings, bool SecretsAreReadable)
{
    /// <summary>Property of the document that lists what the host's configuration decided at the time, and where it came from.</summary>
    public const string LockedProperty = "locked";

    public static SavedSettings None { get; } = new(0, default, "", SettingsDocument.Write(MailSettings.Empty), MailSettings.Empty, true);

    /// <summary>Paths of what the host's configuration decided at the time.</summary>
    public IReadOnlyList<string> Locked { get; } = Document[LockedProperty] is JsonObject locked ? [.. locked.Select(pair => pair.Key)] : [];

    /// <summary>What the administrator decided: the document without what the host did.</summary>
    public JsonObject Own()
    {
        var own = Document.DeepClone().AsObject();
        foreach (var path in Locked)
        {
            SettingsPath.Remove(own, path);
        }

        // A key without its domain is the host's as a whole; its own secret, if it has one, is found by name.
        foreach (var item in own["dkim"]?.AsArray().Where(item => item?["domain"] is null || item["selector"] is null).ToList() ?? [])
        {
            own["dkim"]!.AsArray().Remove(item);
        }

        return own;
    }
}

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
    public static SavedSettings None { get; } = new(0, default, "", SettingsDocument.Write(MailSettings.Empty), MailSettings.Empty, true);

    /// <summary>The settings as answers show them.</summary>
    public JsonObject ToJson() => SettingsDocument.Write(Settings);
}

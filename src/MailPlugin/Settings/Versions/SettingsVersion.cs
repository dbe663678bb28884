namespace MailPlugin.Settings.Versions;

/// <summary>A version of the settings, without what it says.</summary>
internal sealed record SettingsVersion(int Version, DateTimeOffset UpdatedAt, string UpdatedBy)
{
    /// <summary>Versions that are kept, the newest included; a save removes what is older. With 256 KB each the history has an end.</summary>
    public const int Kept = 100;
}

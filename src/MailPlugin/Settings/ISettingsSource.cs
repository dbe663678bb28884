namespace MailPlugin.Settings;

/// <summary>The settings in force. A snapshot never changes; whoever holds one finishes with it.</summary>
internal interface ISettingsSource
{
    VersionedSettings Current { get; }

    /// <summary>Raised after a new version is in force. Handlers return at once.</summary>
    event Action<VersionedSettings>? Changed;
}

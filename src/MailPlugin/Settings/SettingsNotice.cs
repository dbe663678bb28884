using MailPlugin.Http;

namespace MailPlugin.Settings;

/// <summary>Something about settings in force that people should know.</summary>
/// <param name="Path">As errors name it.</param>
/// <param name="Text">What it is.</param>
/// <param name="IsFault">Whether mail is kept from leaving by it.</param>
internal sealed record SettingsNotice(string Path, LocalizedText Text, bool IsFault);

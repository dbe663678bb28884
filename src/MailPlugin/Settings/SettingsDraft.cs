using System.Text.Json;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Settings.Reading;
using MailPlugin.Settings.Secrets;
using MailPlugin.Settings.Store;

namespace MailPlugin.Settings;

/// <summary>Settings that somebody typed, made complete with the stored secrets that may go with them.</summary>
internal static class SettingsDraft
{
    static readonly string[] TypeAgain = ["must be typed again: the relay it was saved for has changed"];

    /// <param name="root">The draft.</param>
    /// <param name="stored">The settings in force.</param>
    /// <param name="prefix">Where the draft stands in the body, such as <c>settings.</c>; paths in answers begin with it.</param>
    public static (MailSettings? Settings, ProblemResult? Problem) Read(JsonElement root, MailSettings stored, string prefix)
    {
        var faults = new Faults();
        var draft = SettingsReader.Read(root, faults);
        if (faults.Any)
        {
            return (null, Problem.Invalid("invalid-settings", faults.Below(prefix)));
        }

        var (settings, needed) = KeptSecrets.Fill(draft, stored);
        return needed.Count == 0 ? (settings, null) : (null, PasswordNeeded(needed, prefix));
    }

    /// <summary>What a version said, by the rules of today. A secret that it had comes along only from the settings in force, and only with its relay.</summary>
    public static (MailSettings? Settings, ProblemResult? Problem) OfVersion(SavedSettings version, VersionedSettings current)
    {
        var faults = new Faults();
        var draft = SettingsReader.Read(JsonSerializer.SerializeToElement(version.Document), faults);
        if (faults.Any)
        {
            return (null, Problem.Invalid("invalid-settings", faults));
        }

        var (settings, needed) = KeptSecrets.Fill(draft, current.Settings, version.SecretsAreReadable ? version.Settings : null);
        return needed.Count == 0 ? (settings, null) : (null, PasswordNeeded(needed, ""));
    }

    static ProblemResult PasswordNeeded(IReadOnlyList<string> paths, string prefix) => Problem.Of("password-needed") with
    {
        Errors = paths.ToDictionary(path => prefix + path, _ => TypeAgain),
    };
}

using System.Text.Json;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Settings.FromHost;
using MailPlugin.Settings.Reading;
using MailPlugin.Settings.Secrets;
using MailPlugin.Settings.Store;

namespace MailPlugin.Settings;

/// <summary>Settings that somebody typed, made complete with what the host decides and with the stored secrets that may go with them.</summary>
internal static class SettingsDraft
{
    static readonly string[] TypeAgain = ["must be typed again: the relay it was saved for has changed"];
    static readonly string[] StaysThere = ["comes from the host's configuration and stays with the relay in force: change the relay there"];

    /// <param name="root">The draft.</param>
    /// <param name="current">The settings in force.</param>
    /// <param name="prefix">Where the draft stands in the body, such as <c>settings.</c>; paths in answers begin with it.</param>
    /// <param name="body">What is wrong with the rest of the body; told together with what is wrong with the draft.</param>
    public static (MailSettings? Settings, ProblemResult? Problem) Read(JsonElement root, VersionedSettings current, string prefix, Faults? body = null)
    {
        var faults = new Faults();
        var draft = SettingsReader.Read(root, faults, current.Host);
        var conflicts = LockedSettings.Conflicts(root, draft, current.Host);
        if (faults.Any || body?.Any == true)
        {
            faults.Add(conflicts);
            var all = faults.Below(prefix);
            all.Add(body ?? new());
            return (null, Problem.Invalid(body?.Any == true ? "invalid-request" : "invalid-settings", all));
        }

        if (conflicts.Any)
        {
            return (null, Problem.Of("locked-setting") with { Errors = conflicts.Below(prefix).ToErrors() });
        }

        return Complete(draft, current, null, prefix);
    }

    /// <summary>What a version said, by the rules of today. A secret that it had comes along only from the settings in force, and only with its relay.</summary>
    public static (MailSettings? Settings, ProblemResult? Problem) OfVersion(SavedSettings version, VersionedSettings current)
    {
        var faults = new Faults();
        var draft = SettingsReader.Read(JsonSerializer.SerializeToElement(version.Document), faults, current.Host);
        return faults.Any
            ? (null, Problem.Invalid("invalid-settings", faults))
            : Complete(draft, current, version.SecretsAreReadable ? version.Settings : null, "");
    }

    static (MailSettings? Settings, ProblemResult? Problem) Complete(MailSettings draft, VersionedSettings current, MailSettings? former, string prefix)
    {
        var (settings, needed) = KeptSecrets.Fill(draft, current.Settings, former);
        var errors = needed.ToDictionary(path => prefix + path, _ => TypeAgain);
        foreach (var path in KeptSecrets.Astray(draft, current))
        {
            errors[prefix + path] = StaysThere;
        }

        return errors.Count == 0 ? (settings, null) : (null, Problem.Of("password-needed") with { Errors = errors });
    }
}

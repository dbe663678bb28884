using System.Globalization;

namespace MailPlugin.Settings.Versions;

/// <summary>A version's number in a path: from 1, digits alone.</summary>
internal static class VersionNumber
{
    public static int? Parse(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}

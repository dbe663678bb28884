using System.Text.RegularExpressions;

namespace MailPlugin.Templates;

/// <summary>What a template may be called.</summary>
internal static partial class TemplateName
{
    /// <summary>Not a template: what stands around all of them.</summary>
    public const string Layout = "layout";

    public const string Rule = "must have 1 to 64 lower-case letters, digits and hyphens";

    public static bool IsValid(string name) => Pattern().IsMatch(name);

    [GeneratedRegex("^[a-z0-9-]{1,64}\\z")]
    private static partial Regex Pattern();
}

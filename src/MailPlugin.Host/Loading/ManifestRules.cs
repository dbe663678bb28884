using System.Text.RegularExpressions;

namespace MailPlugin.Host.Loading;

/// <summary>What a text of the manifest must look like, and the words for it.</summary>
internal sealed record ManifestRule(Regex Pattern, int MaximumLength, string Demand)
{
    public bool Accepts(string text) => text.Length <= MaximumLength && Pattern.IsMatch(text);
}

/// <summary>One rule for each kind of text in <c>plugin.json</c>.</summary>
internal static partial class ManifestRules
{
    public static ManifestRule Id { get; } = new(IdPattern(), 64, "must be 1 to 64 of a-z, 0-9 and -");

    public static ManifestRule Title { get; } = new(TitlePattern(), 100, "must be 1 to 100 characters, none of them a control character, and not blank");

    public static ManifestRule Version { get; } = new(VersionPattern(), 100, "must be a semantic version such as 1.2.3 or 1.2.3-beta.1");

    // No separator of any system and no leading dot: the file is in the plugin's folder or nowhere.
    public static ManifestRule Assembly { get; } = new(AssemblyPattern(), 200, "must be the plain file name of a .dll in the plugin's folder");

    public static ManifestRule EntryType { get; } = new(EntryTypePattern(), 500, "must be the full name of a type, such as Example.Entry");

    public static ManifestRule Contract { get; } = new(ContractPattern(), 11, "must be a contract version, major.minor, such as 1.0");

    // Not "//host" and not "/\host": a link of the host's page must stay on the host.
    public static ManifestRule PagePath { get; } = new(PagePathPattern(), 200, "must be a path on the host with one leading slash, such as /example/");

    [GeneratedRegex(@"\A[a-z0-9-]+\z")]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"\A(?=.*\S)[^\p{Cc}\p{Zl}\p{Zp}]+\z")]
    private static partial Regex TitlePattern();

    [GeneratedRegex(@"\A(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"\A\w[\w .+-]*\.dll\z")]
    private static partial Regex AssemblyPattern();

    [GeneratedRegex(@"\A[\p{L}_]\w*([.+][\p{L}_]\w*)*\z", RegexOptions.ExplicitCapture)]
    private static partial Regex EntryTypePattern();

    [GeneratedRegex(@"\A(0|[1-9][0-9]{0,4})\.(0|[1-9][0-9]{0,4})\z", RegexOptions.ExplicitCapture)]
    private static partial Regex ContractPattern();

    [GeneratedRegex(@"\A/(?!/)[A-Za-z0-9._~!$&'()*+,;=:@%/-]*\z")]
    private static partial Regex PagePathPattern();
}

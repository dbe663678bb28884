using System.Globalization;
using System.Text.RegularExpressions;

namespace MailPlugin.Templates;

/// <summary>A language tag (BCP 47), written as the standard recommends: <c>zh-Hant-HK</c>.</summary>
internal sealed partial record LocaleTag
{
    public const int MaxLength = 35;
    public const string Rule = "must be a language tag such as en or zh-CN";

    static readonly string[] TraditionalRegions = ["TW", "HK", "MO"];

    LocaleTag(string text, string language, string? script, string? region) => (Text, Language, Script, Region) = (text, language, script, region);

    /// <summary>Where no locale is asked for, and where none fits.</summary>
    public static LocaleTag Default { get; } = Parse("en");

    public string Text { get; }

    public string Language { get; }

    public string? Script { get; }

    public string? Region { get; }

    /// <summary>How dates and numbers are written. Only language and region count, so that no caller can make cultures without end.</summary>
    public CultureInfo Culture
    {
        get
        {
            try
            {
                return CultureInfo.GetCultureInfo(Region is null ? Language : $"{Language}-{Region}");
            }
            catch (CultureNotFoundException)
            {
                return CultureInfo.InvariantCulture;
            }
        }
    }

    public static LocaleTag Parse(string text) => TryParse(text, out var tag) ? tag : throw new FormatException($"'{text}' is no language tag.");

    public static bool TryParse(string? text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LocaleTag? tag)
    {
        tag = null;
        if (text is null || text.Length > MaxLength || !Tag().IsMatch(text))
        {
            return false;
        }

        var parts = text.Split('-');
        parts[0] = parts[0].ToLowerInvariant();
        string? script = null, region = null;
        var inExtension = false;
        for (var i = 1; i < parts.Length; i++)
        {
            var part = parts[i].ToLowerInvariant();
            inExtension |= part.Length == 1;
            if (!inExtension && script is null && region is null && part.Length == 4 && char.IsLetter(part[0]))
            {
                part = script = char.ToUpperInvariant(part[0]) + part[1..];
            }
            else if (!inExtension && region is null && IsRegion(part))
            {
                part = region = part.ToUpperInvariant();
            }

            parts[i] = part;
        }

        tag = new(string.Join('-', parts), parts[0], script, region);
        return true;
    }

    /// <summary>
    /// The best of what there is: exactly this one, without the script, the language alone, another of the same language and script (so that <c>zh</c>,
    /// <c>zh-Hans</c> and <c>zh-SG</c> come to <c>zh-CN</c>), the default, the first.
    /// </summary>
    public LocaleTag BestOf(IReadOnlyCollection<LocaleTag> available)
    {
        string[] wanted = Region is null ? [Text, Language] : [Text, $"{Language}-{Region}", Language];
        return wanted.Select(text => available.FirstOrDefault(tag => tag.Text == text)).FirstOrDefault(tag => tag is not null && !ContradictsScriptOf(tag))
            ?? available.FirstOrDefault(tag => tag.Language == Language && tag.ImpliedScript == ImpliedScript)
            ?? available.FirstOrDefault(tag => tag == Default)
            ?? available.First();
    }

    public override string ToString() => Text;

    /// <summary>The script, also where the tag leaves it to the region.</summary>
    string ImpliedScript => Script ?? (Language == "zh" ? TraditionalRegions.Contains(Region) ? "Hant" : "Hans" : "");

    bool ContradictsScriptOf(LocaleTag tag) => ImpliedScript.Length > 0 && tag.ImpliedScript.Length > 0 && ImpliedScript != tag.ImpliedScript;

    static bool IsRegion(string part) => part.Length == 2 ? part.All(char.IsAsciiLetter) : part.Length == 3 && part.All(char.IsAsciiDigit);

    [GeneratedRegex("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\\z")]
    private static partial Regex Tag();
}

using System.Globalization;
using System.Net;

namespace MailPlugin.Templates.Rendering;

/// <summary>What the helpers do. None touches files, network, environment or clock.</summary>
internal static class TemplateHelpers
{
    const int MaxFormat = 40;
    const int MaxDecimals = 10;

    /// <summary><c>{{formatDate value}}</c>, <c>{{formatDate value "date"}}</c>, <c>{{formatDate value "yyyy-MM-dd"}}</c>; in the offset that the value brings.</summary>
    public static string FormatDate(object? value, object? format, CultureInfo culture)
    {
        if (value is not string text || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return Text(value);
        }

        culture = HasDate(culture, time) ? culture : CultureInfo.InvariantCulture;
        var pattern = Text(format) switch
        {
            "" or "dateTime" => $"{LongDate(culture)} {culture.DateTimeFormat.ShortTimePattern} {Zone(time.Offset)}",
            "date" => LongDate(culture),
            "time" => "t",
            "short" => "d",
            "long" => "D",
            { Length: > MaxFormat } => "g",
            var own => own,
        };
        try
        {
            // Narrow blanks, which some cultures want, are boxes in old mail programs.
            return time.ToString(pattern, culture).Replace('\u202F', ' ');
        }
        catch (FormatException)
        {
            return time.ToString("g", culture).Replace('\u202F', ' ');
        }
    }

    /// <summary>Some cultures' calendars end: that of Saudi Arabia in 2077.</summary>
    static bool HasDate(CultureInfo culture, DateTimeOffset time) =>
        time.DateTime >= culture.DateTimeFormat.Calendar.MinSupportedDateTime && time.DateTime <= culture.DateTimeFormat.Calendar.MaxSupportedDateTime;

    /// <summary><c>{{formatNumber value}}</c>, <c>{{formatNumber value 2}}</c>: grouped, with this many decimals.</summary>
    public static string FormatNumber(object? value, object? decimals, CultureInfo culture)
    {
        if (Number(value) is not { } number)
        {
            return Text(value);
        }

        var places = Number(decimals) is { } wanted ? (int)Math.Clamp(wanted, 0, MaxDecimals) : (int?)null;
        return number.ToString(places is { } fixedPlaces ? $"N{fixedPlaces}" : "#,##0.##########", culture).Replace('\u202F', '\u00A0');
    }

    /// <summary><c>{{pluralize count "file" "files"}}</c>; a list counts its items. Without a third value the second serves always.</summary>
    public static string Pluralize(object? count, object? one, object? many) =>
        many is null || (count is ModelList list ? list.Items.Count : Number(count)) == 1 ? Text(one) : Text(many);

    public static string UrlEncode(object? value) => Uri.EscapeDataString(Text(value));

    /// <summary>The fallback for what is absent, null or an empty text.</summary>
    public static object? Default(object? value, object? fallback) => value is null or "" ? fallback : value;

    /// <summary>What an object or a list has under a key that the model names. The engine's own fails where the key is null.</summary>
    public static object? Lookup(object? from, object? key) => from switch
    {
        ModelMap map => map.Values.GetValueOrDefault(Text(key)),
        ModelList list when int.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Items.Count => list.Items[index],
        _ => null,
    };

    public static bool AreEqual(object? left, object? right) =>
        left is ModelMap or ModelList || right is ModelMap or ModelList ? ReferenceEquals(left, right)
        : Number(left) is { } first && Number(right) is { } second ? first == second
        : Text(left) == Text(right);

    /// <summary>A button that is a link; markup that old Outlook understands. An address that is neither web nor mail leaves the label alone.</summary>
    public static string ButtonHtml(object? url, object? label, BrandColors colors)
    {
        var text = WebUtility.HtmlEncode(Text(label));
        return SafeUrl(url) is not { } address ? $"<strong>{text}</strong>" : $"""
            <table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0;border-collapse:separate"><tr><td bgcolor="{colors.Fill}" style="border-radius:6px;background-color:{colors.Fill};mso-padding-alt:12px 24px"><a class="mp-button" href="{WebUtility.HtmlEncode(address)}" target="_blank" style="display:inline-block;padding:12px 24px;border-radius:6px;font-family:inherit;font-size:16px;line-height:24px;font-weight:600;color:{colors.Ink};text-decoration:none">{text}</a></td></tr></table>
            """;
    }

    public static string ButtonText(object? url, object? label) => SafeUrl(url) is { } address ? $"{Text(label)}: {address}" : Text(label);

    public static string Text(object? value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "",
    };

    /// <summary>A reader elsewhere has to know whose clock is meant.</summary>
    static string Zone(TimeSpan offset) => offset == TimeSpan.Zero ? "'UTC'" : "'UTC'zzz";

    static string LongDate(CultureInfo culture) => culture.DateTimeFormat.LongDatePattern.Replace("dddd, ", "", StringComparison.Ordinal).Replace(", dddd", "", StringComparison.Ordinal)
        .Replace("dddd", "", StringComparison.Ordinal).Trim();

    static decimal? Number(object? value)
    {
        switch (value)
        {
            case long or int or decimal:
                return Convert.ToDecimal(value, CultureInfo.InvariantCulture);
            case double number when Math.Abs(number) < 1e28:
                return (decimal)number;
            case string text when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed):
                return parsed;
            default:
                return null;
        }
    }

    static string? SafeUrl(object? url)
    {
        var text = Text(url).Trim();
        return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" or "mailto" ? text : null;
    }
}

using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace MailPlugin.Diagnostics.Metrics;

/// <summary>An instrument with one set of labels, in Prometheus' names.</summary>
/// <param name="Name">Such as <c>mailplugin_attempts_total</c>.</param>
/// <param name="Labels">Without braces, such as <c>transport="primary"</c>; empty for none.</param>
internal sealed record SeriesKey(string Name, string Labels, string? Help)
{
    /// <summary>Made once: this is asked for each thing that is counted.</summary>
    static readonly ConditionalWeakTable<Instrument, string> Names = [];

    public static SeriesKey Of(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            labels.Append(labels.Length == 0 ? "" : ",").Append(NameOf(name)).Append("=\"").Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }

        return new(Names.GetValue(instrument, static known => NameOf(known.Name) + Suffix(known)), labels.ToString(), instrument.Description);
    }

    static string Suffix(Instrument instrument)
    {
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return Series.For(instrument).Type == "counter" ? $"{unit}_total" : unit;
    }

    static string NameOf(string name) => string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    static string Escape(string value) => value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}

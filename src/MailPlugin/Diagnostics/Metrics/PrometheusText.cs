using System.Globalization;
using System.Text;

namespace MailPlugin.Diagnostics.Metrics;

/// <summary>Series in Prometheus' text exposition format, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Write(IEnumerable<(SeriesKey Key, Series Series)> all)
    {
        var text = new StringBuilder();
        foreach (var family in all.GroupBy(item => item.Key.Name).OrderBy(family => family.Key, StringComparer.Ordinal))
        {
            var first = family.First();
            if (first.Key.Help is { Length: > 0 } help)
            {
                text.Append("# HELP ").Append(family.Key).Append(' ').Append(help.Replace('\n', ' ')).Append('\n');
            }

            text.Append("# TYPE ").Append(family.Key).Append(' ').Append(first.Series.Type).Append('\n');
            foreach (var (key, series) in family.OrderBy(item => item.Key.Labels, StringComparer.Ordinal))
            {
                Write(text, key, series);
            }
        }

        return text.ToString();
    }

    static void Write(StringBuilder text, SeriesKey key, Series series)
    {
        switch (series)
        {
            case Series.Sum sum:
                Line(text, key.Name, key.Labels, sum.Value);
                break;
            case Series.Last last:
                Line(text, key.Name, key.Labels, last.Value);
                break;
            case Series.Buckets buckets:
                WriteBuckets(text, key, buckets);
                break;
        }
    }

    static void WriteBuckets(StringBuilder text, SeriesKey key, Series.Buckets buckets)
    {
        var (counts, sum) = buckets.Read();
        long total = 0;
        for (var bucket = 0; bucket < counts.Count; bucket++)
        {
            total += counts[bucket];
            var bound = bucket < Series.Buckets.Bounds.Count ? Number(Series.Buckets.Bounds[bucket]) : "+Inf";
            Line(text, key.Name + "_bucket", Join(key.Labels, $"le=\"{bound}\""), total);
        }

        Line(text, key.Name + "_sum", key.Labels, sum);
        Line(text, key.Name + "_count", key.Labels, total);
    }

    static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(Number(value)).Append('\n');
    }

    static string Join(string labels, string label) => labels.Length == 0 ? label : $"{labels},{label}";

    static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

using System.Globalization;

namespace MailPlugin.Benchmarks;

/// <summary>One figure, once for each round.</summary>
internal sealed class Samples
{
    readonly List<double> _values = [];

    public int Count => _values.Count;

    public double Median => Quantile(0.5);

    public double Min => _values.Min();

    public double Max => _values.Max();

    public void Add(double value) => _values.Add(value);

    /// <summary>Round by round: what was measured side by side is compared side by side.</summary>
    public Samples Over(Samples other)
    {
        var ratios = new Samples();
        for (var round = 0; round < Math.Min(_values.Count, other._values.Count); round++)
        {
            ratios.Add(_values[round] / other._values[round]);
        }

        return ratios;
    }

    /// <summary>The value below which this part of all lies; between two values, in proportion.</summary>
    public double Quantile(double part)
    {
        var sorted = _values.Order().ToArray();
        var place = part * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + ((sorted[below + 1] - sorted[below]) * (place - below)) : sorted[below];
    }

    public static string Show(double value) => value switch
    {
        >= 1000 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}

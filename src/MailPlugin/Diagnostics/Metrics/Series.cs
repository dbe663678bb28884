using System.Diagnostics.Metrics;

namespace MailPlugin.Diagnostics.Metrics;

/// <summary>The values of one series. Thread-safe.</summary>
internal abstract class Series
{
    /// <summary>As Prometheus calls it: <c>counter</c>, <c>gauge</c>, <c>histogram</c>.</summary>
    public abstract string Type { get; }

    public abstract void Add(double value);

    public static Series For(Instrument instrument)
    {
        var type = instrument.GetType();
        var kind = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return kind == typeof(Counter<>) ? new Sum("counter")
            : kind == typeof(UpDownCounter<>) ? new Sum("gauge")
            : kind == typeof(ObservableCounter<>) ? new Last("counter")
            : kind == typeof(Histogram<>) ? new Buckets()
            : new Last("gauge");
    }

    /// <summary>Adds up.</summary>
    internal sealed class Sum(string type) : Series
    {
        readonly Lock _lock = new();
        double _value;

        public override string Type => type;

        public double Value
        {
            get
            {
                lock (_lock)
                {
                    return _value;
                }
            }
        }

        public override void Add(double value)
        {
            lock (_lock)
            {
                _value += value;
            }
        }
    }

    /// <summary>Keeps what was said last.</summary>
    internal sealed class Last(string type) : Series
    {
        double _value;

        public override string Type => type;

        public double Value => Volatile.Read(ref _value);

        public override void Add(double value) => Volatile.Write(ref _value, value);
    }

    /// <summary>Counts by size; the bounds suit seconds.</summary>
    internal sealed class Buckets : Series
    {
        public static readonly IReadOnlyList<double> Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 600];

        readonly Lock _lock = new();
        readonly long[] _counts = new long[Bounds.Count + 1];
        double _sum;

        public override string Type => "histogram";

        public override void Add(double value)
        {
            var bucket = 0;
            while (bucket < Bounds.Count && value > Bounds[bucket])
            {
                bucket++;
            }

            lock (_lock)
            {
                _counts[bucket]++;
                _sum += value;
            }
        }

        public (IReadOnlyList<long> Counts, double Sum) Read()
        {
            lock (_lock)
            {
                return ([.. _counts], _sum);
            }
        }
    }
}

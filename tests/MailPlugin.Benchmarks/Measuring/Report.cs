using System.Globalization;
using System.Runtime.InteropServices;

namespace MailPlugin.Benchmarks;

/// <summary>The one table that a program prints, with what is to be known of the machine while it ran.</summary>
internal sealed class Report(string title, int rounds)
{
    readonly List<string> _rows = [];
    readonly List<string> _notes = [];
    readonly double _loadBefore = Machine.Load();

    public void Add(string number, string what, string unit, Samples samples, string target = "") => _rows.Add(
        $"| {number} | {what} | {unit} | {Samples.Show(samples.Median)} | {Samples.Show(samples.Min)} | {Samples.Show(samples.Max)} | {target} |");

    public void Add(string number, string what, string unit, double value, string target = "") =>
        _rows.Add($"| {number} | {what} | {unit} | {Samples.Show(value)} | | | {target} |");

    public void Note(string text) => _notes.Add(text);

    public void Print(TextWriter output)
    {
        var runtime = RuntimeInformation.FrameworkDescription;
        output.WriteLine($"## {title}");
        output.WriteLine();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores, {runtime}, {rounds} interleaved rounds; load average {_loadBefore:0.0} before, {Machine.Load():0.0} after."));
        output.WriteLine();
        output.WriteLine("| # | what | unit | median | min | max | target |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        _rows.ForEach(output.WriteLine);
        if (_notes.Count > 0)
        {
            output.WriteLine();
            _notes.ForEach(note => output.WriteLine($"- {note}"));
        }

        output.WriteLine();
    }
}

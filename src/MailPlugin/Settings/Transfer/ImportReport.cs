using System.Globalization;
using System.Text.RegularExpressions;
using MailPlugin.Http;

namespace MailPlugin.Settings.Transfer;

/// <summary>What was made of a text: names alone, never a value, because any value may be a secret in the wrong place.</summary>
internal sealed partial class ImportReport
{
    /// <summary>A whole configuration may have thousands of names that have nothing to do with mail.</summary>
    const int MostNames = 200;

    readonly HashSet<string> _recognised = new(StringComparer.Ordinal);
    readonly Dictionary<string, LocalizedText> _ignored = new(StringComparer.Ordinal);
    readonly HashSet<LocalizedText> _warnings = [];

    public IEnumerable<string> Recognised => _recognised;

    public IEnumerable<(string Name, LocalizedText Why)> Ignored => _ignored.Select(pair => (pair.Key, pair.Value));

    public IEnumerable<LocalizedText> Warnings => _warnings;

    public void Recognise(string name)
    {
        if (_recognised.Count < MostNames)
        {
            _recognised.Add(Safe(name));
        }
    }

    public void Ignore(string name, LocalizedText why)
    {
        if (_ignored.Count < MostNames)
        {
            _ignored.TryAdd(Safe(name), why);
        }
    }

    public void IgnoreLine(int line, LocalizedText why) => Ignore(string.Create(CultureInfo.InvariantCulture, $"line {line}"), why);

    public void Warn(string english, string chinese) => _warnings.Add(new(english, chinese));

    /// <summary>A name as it stands in the text, where it looks like one: what only stands in a name's place is not repeated.</summary>
    static string Safe(string name) => Name().IsMatch(name) ? name : "?";

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_.'\[\]=: -]{0,79}\z")]
    private static partial Regex Name();
}

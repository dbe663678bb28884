using MailPlugin.Http;

namespace MailPlugin.Templates.Importing;

/// <summary>What an import understood and what it left.</summary>
internal sealed class ImportReport
{
    const int MaxEntries = 100;

    readonly List<string> _recognised = [];
    readonly List<(string Name, LocalizedText Why)> _ignored = [];
    readonly List<LocalizedText> _warnings = [];

    public IReadOnlyList<string> Recognised => _recognised;

    public IReadOnlyList<(string Name, LocalizedText Why)> Ignored => _ignored;

    public IReadOnlyList<LocalizedText> Warnings => _warnings;

    public void Recognise(string what)
    {
        if (_recognised.Count < MaxEntries && !_recognised.Contains(what))
        {
            _recognised.Add(what);
        }
    }

    public void Ignore(string name, LocalizedText why)
    {
        var shown = name.Length <= 120 ? name : name[..119] + "…";
        if (_ignored.Count < MaxEntries && !_ignored.Exists(entry => entry.Name == shown))
        {
            _ignored.Add((shown, why));
        }
    }

    public void Warn(LocalizedText text)
    {
        if (!_warnings.Contains(text))
        {
            _warnings.Add(text);
        }
    }
}

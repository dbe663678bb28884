namespace MailPlugin.Http.Binding;

/// <summary>
/// What is wrong with a body: for each path at fault, what it is to be. Collects all of them, so that a caller mends them in one go, up to a number
/// that nobody reads: a hostile body would else be answered by one that is larger.
/// </summary>
internal sealed class Faults
{
    public const int Most = 1000;

    readonly Dictionary<string, List<string>> _byPath = new(StringComparer.Ordinal);

    /// <summary>A name that the caller chose, no longer than a path needs it.</summary>
    public static string Shortened(string name) => name.Length <= 64 ? name : name[..(char.IsHighSurrogate(name[63]) ? 63 : 64)] + "…";

    public bool Any => _byPath.Count > 0;

    public void Add(string path, string message)
    {
        if (!_byPath.TryGetValue(path, out var messages))
        {
            if (_byPath.Count == Most)
            {
                return;
            }

            _byPath[path] = messages = [];
        }

        if (!messages.Contains(message))
        {
            messages.Add(message);
        }
    }

    /// <summary>Adds what a rule says is wrong, where nothing else is wrong already. True when the rule is broken.</summary>
    public bool AddIf(string? error, string path)
    {
        if (error is not null && !At(path))
        {
            Add(path, error);
        }

        return error is not null;
    }

    public void Add(Faults others)
    {
        foreach (var (path, messages) in others._byPath)
        {
            messages.ForEach(message => Add(path, message));
        }
    }

    /// <summary>Whether something is wrong there; of a body with too many faults everything is.</summary>
    public bool At(string path) => _byPath.ContainsKey(path) || _byPath.Count == Most;

    /// <summary>The same faults for a body in which this one stands at <paramref name="prefix"/>.</summary>
    public Faults Below(string prefix)
    {
        var below = new Faults();
        foreach (var (path, messages) in _byPath)
        {
            messages.ForEach(message => below.Add(path.Length == 0 ? prefix.TrimEnd('.') : prefix + path, message));
        }

        return below;
    }

    public IReadOnlyDictionary<string, string[]> ToErrors() =>
        _byPath.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);
}

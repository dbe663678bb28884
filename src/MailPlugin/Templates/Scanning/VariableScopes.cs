namespace MailPlugin.Templates.Scanning;

/// <summary>Follows where in the model a template stands, and so learns what it reads.</summary>
internal sealed class VariableScopes
{
    const int MaxVariables = 500;

    readonly Dictionary<string, bool> _variables = new(StringComparer.Ordinal);
    readonly List<Scope> _scopes = [new("", Names: [], IsContext: true, IsOptional: false)];

    /// <summary>Path below the model, such as <c>user.name</c> or <c>items[].title</c>, with whether a mail is incomplete without it.</summary>
    public IReadOnlyDictionary<string, bool> Variables => _variables;

    public void Use(IEnumerable<(TemplatePath Path, bool Needed)> paths)
    {
        foreach (var (path, needed) in paths)
        {
            if (Resolve(path) is { Length: > 0 } name && (_variables.Count < MaxVariables || _variables.ContainsKey(name)))
            {
                var isNeeded = needed && !name.Contains("[]", StringComparison.Ordinal) && !_scopes.Any(scope => scope.IsOptional);
                _variables[name] = _variables.GetValueOrDefault(name) || isNeeded;
            }
        }
    }

    public void Enter(HelperRule rule, TemplatePath? subject, IReadOnlyList<string> names)
    {
        var target = subject is null ? null : Resolve(subject);
        var changes = rule.Name is "each" or "with";
        var inside = rule.Name == "each" && target is not null ? target + "[]" : target;
        _scopes.Add(new(changes ? inside : Current.Base, names, IsContext: changes, IsOptional: rule.Name != "preheader"));
    }

    /// <summary>Behind <c>else</c> the context is that of the outside.</summary>
    public void Else()
    {
        var outer = _scopes.Count > 1 ? _scopes[^2] : _scopes[0];
        _scopes[^1] = _scopes[^1] with { Base = outer.Base, Names = [] };
    }

    public void Leave() => _scopes.RemoveAt(_scopes.Count - 1);

    Scope Current => _scopes[^1];

    /// <summary>Null when it is nothing of the model.</summary>
    string? Resolve(TemplatePath path)
    {
        if (path.Data is not null)
        {
            return path.Data == "root" ? string.Join('.', path.Segments) : null;
        }

        if (path is { Up: 0, Segments: [var first, ..] } && FindName(first) is { } named)
        {
            return named.Base is { } place && named.Names[0] == first ? Join(place, path.Segments.Skip(1)) : null;
        }

        var contexts = _scopes.Where(scope => scope.IsContext).ToList();
        var index = contexts.Count - 1 - path.Up;
        return index >= 0 && contexts[index].Base is { } start ? Join(start, path.Segments) : null;
    }

    Scope? FindName(string name) => _scopes.LastOrDefault(scope => scope.Names.Contains(name));

    static string Join(string start, IEnumerable<string> segments)
    {
        var rest = string.Join('.', segments);
        return start.Length == 0 ? rest : rest.Length == 0 ? start : $"{start}.{rest}";
    }

    /// <param name="Base">Path of the context; null when it is nothing of the model.</param>
    /// <param name="IsContext">Whether <c>../</c> leads out of it.</param>
    sealed record Scope(string? Base, IReadOnlyList<string> Names, bool IsContext, bool IsOptional);
}

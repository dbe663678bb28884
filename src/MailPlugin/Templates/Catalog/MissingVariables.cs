namespace MailPlugin.Templates.Catalog;

/// <summary>Compares a model with what a template reads.</summary>
internal static class MissingVariables
{
    /// <summary>Paths of the required variables that have no value: absent, null, and where somebody declared them also an empty text.</summary>
    public static IReadOnlyList<string> Of(NamedTemplate? template, Rendering.PreparedTemplate prepared, IReadOnlyDictionary<string, object?>? model)
    {
        if (template?.About.Variables is { } declared)
        {
            return [.. declared.Where(variable => variable.Required && IsMissing(model, variable.Name, emptyToo: true)).Select(variable => variable.Name)];
        }

        return [.. prepared.Inferred.Where(variable => variable.Value && IsMissing(model, variable.Key, emptyToo: false)).Select(variable => variable.Key).Order(StringComparer.Ordinal)];
    }

    /// <summary>What the model brings and nothing reads.</summary>
    public static IReadOnlyList<string> Unread(NamedTemplate? template, Rendering.PreparedTemplate prepared, IReadOnlyDictionary<string, object?> model)
    {
        var known = prepared.Inferred.Keys.Concat(template?.About.Variables?.Select(variable => variable.Name) ?? []).ToList();
        return [.. model.Keys.Where(key => !known.Any(name => NamedTemplate.Covers(key, name))).Order(StringComparer.Ordinal)];
    }

    static bool IsMissing(IReadOnlyDictionary<string, object?>? model, string path, bool emptyToo)
    {
        object? value = model;
        foreach (var step in path.Split('.'))
        {
            value = value switch
            {
                IReadOnlyDictionary<string, object?> map => map.GetValueOrDefault(step),
                IReadOnlyList<object?> list => int.TryParse(step, out var index) && index >= 0 && index < list.Count ? list[index] : null,

                // What only the renderer can look into is taken to be there.
                not null and not (string or bool or long or decimal or double) => value,
                _ => null,
            };
        }

        return value is null || (emptyToo && value is string text && string.IsNullOrWhiteSpace(text));
    }
}

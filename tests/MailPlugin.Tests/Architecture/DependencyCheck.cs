using System.Text.RegularExpressions;

namespace MailPlugin.Tests.Architecture;

/// <summary>
/// Holds sources against <see cref="DependencyRule"/>. It sees <c>using</c>s of every form, names written out in full and names
/// relative to an enclosing namespace (<c>Storage.X</c> inside <c>MailPlugin.Queue</c>); the last are told from properties of the
/// same name by what the named namespace really declares.
/// </summary>
internal sealed partial class DependencyCheck
{
    const string Prefix = "MailPlugin.";

    // A slice that the rule names is a namespace even where the sources at hand do not declare it.
    static readonly HashSet<string> Ruled = [.. DependencyRule.Allowed.SelectMany(row => row.Value.Append(row.Key)).Select(name => Prefix + name)];

    readonly IReadOnlyList<SourceFile> _files;
    readonly HashSet<string> _namespaces = [];
    readonly HashSet<string> _types = [];

    DependencyCheck(IReadOnlyList<SourceFile> files)
    {
        _files = files;
        foreach (var file in files)
        {
            foreach (var name in file.Namespaces)
            {
                _types.UnionWith(file.Types.Select(type => $"{name}.{type}"));
                for (var part = name; part.Length > 0; part = part.Contains('.', StringComparison.Ordinal) ? part[..part.LastIndexOf('.')] : "")
                {
                    _namespaces.Add(part);
                }
            }
        }
    }

    /// <summary>Every breach, as a sentence that names the file.</summary>
    public static IReadOnlyList<string> FindBreaches(IReadOnlyList<SourceFile> files)
    {
        var check = new DependencyCheck(files);
        return [.. files.SelectMany(check.Breaches).Concat(check.SeamBreaches()).Distinct().Order(StringComparer.Ordinal)];
    }

    IEnumerable<string> Breaches(SourceFile file)
    {
        if (DependencyRule.CompositionRoot.Any(root => file.Path.StartsWith(root, StringComparison.Ordinal)))
        {
            yield break;
        }

        if (Row(file.Place) is not { } row)
        {
            yield return $"{file.Path}: {file.Place} is no row of the dependency rule";
            yield break;
        }

        foreach (var name in file.Namespaces.Where(name => !BelongsTo(name, file)))
        {
            yield return $"{file.Path}: is in namespace {name}, which is not its folder's";
        }

        foreach (var used in Used(file).Where(used => !May(row, used)))
        {
            yield return $"{file.Path}: {row} may not use {used}";
        }

        if (DependencyRule.BaseClassLibraryOnly.Any(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)))
        {
            foreach (var import in ImportPattern().Matches(file.Code).Select(match => match.Groups["name"].Value).Where(import => IsForeign(import, file)))
            {
                yield return $"{file.Path}: imports {import}, and nothing but the base class library is allowed here";
            }
        }
    }

    IEnumerable<string> SeamBreaches()
    {
        foreach (var (library, (folder, limit)) in DependencyRule.Seams)
        {
            var mention = new Regex($@"(?<![\w.]){Regex.Escape(library)}\b(?!\s*=)");
            var mentions = _files.Where(file => mention.IsMatch(file.Code)).Select(file => file.Path).ToList();
            foreach (var path in mentions.Where(path => !path.StartsWith(folder, StringComparison.Ordinal)))
            {
                yield return $"{path}: mentions {library}, whose place is {folder}";
            }

            var inside = mentions.Where(path => path.StartsWith(folder, StringComparison.Ordinal)).ToList();
            if (inside.Count > limit)
            {
                yield return $"{string.Join(", ", inside)}: {library} is mentioned in {inside.Count} files, and {limit} is allowed";
            }
        }
    }

    /// <summary>The rows' names of everything the file refers to, without its own.</summary>
    IEnumerable<string> Used(SourceFile file)
    {
        var imports = ImportPattern().Matches(file.Code).Select(match => ResolveImport(match.Groups["name"].Value.Split('.'), file));
        var names = ChainPattern().Matches(file.Code).Select(match => Resolve(WhiteSpace().Replace(match.Value, "").Split('.'), file));
        return imports.Concat(names).OfType<string>();
    }

    /// <summary>The namespace that a dotted name leads to, without "MailPlugin."; null when it leads to none of ours.</summary>
    string? Resolve(string[] chain, SourceFile file)
    {
        if (chain[0] == "MailPlugin")
        {
            return chain.Length == 1 || !IsNamespace($"MailPlugin.{chain[1]}") ? null : Deepest(chain, "MailPlugin", 1);
        }

        foreach (var enclosing in file.Namespaces.SelectMany(Enclosing))
        {
            // The innermost meaning wins, as it does for the compiler.
            if (_types.Contains($"{enclosing}.{chain[0]}"))
            {
                return null;
            }

            if (IsNamespace($"{enclosing}.{chain[0]}"))
            {
                var target = Deepest(chain, enclosing, 0);
                var rest = chain[(target.Split('.').Length + 1 - enclosing.Split('.').Length)..];
                return rest.Length > 0 && _types.Contains($"{Prefix}{target}.{rest[0]}") ? target : null;
            }
        }

        return null;
    }

    /// <summary>A <c>using</c> below a namespace may be relative to it, and names a namespace where other names must end in a type.</summary>
    string? ResolveImport(string[] chain, SourceFile file) =>
        file.Namespaces.SelectMany(Enclosing).FirstOrDefault(enclosing => IsNamespace($"{enclosing}.{chain[0]}")) is { } start ? Deepest(chain, start, 0) : null;

    string Deepest(string[] chain, string start, int from)
    {
        var name = start;
        for (var i = from; i < chain.Length && IsNamespace($"{name}.{chain[i]}"); i++)
        {
            name = $"{name}.{chain[i]}";
        }

        return name[Prefix.Length..];
    }

    bool IsNamespace(string name) => _namespaces.Contains(name) || Ruled.Contains(name);

    static IEnumerable<string> Enclosing(string name)
    {
        for (; name.StartsWith(Prefix, StringComparison.Ordinal); name = name[..name.LastIndexOf('.')])
        {
            yield return name;
        }

        if (name == "MailPlugin")
        {
            yield return name;
        }
    }

    static bool May(string row, string used) =>
        Covers(row.Split('.')[0], used) || DependencyRule.Allowed[row].Any(allowed => Covers(allowed, used));

    static bool Covers(string name, string used) => used == name || used.StartsWith(name + ".", StringComparison.Ordinal);

    static string? Row(string place) =>
        DependencyRule.Allowed.Keys.Where(row => Covers(row, place)).MaxBy(row => row.Length);

    static bool BelongsTo(string name, SourceFile file)
    {
        if (DependencyRule.ForeignNamespaces.FirstOrDefault(pair => file.Path.StartsWith(pair.Key, StringComparison.Ordinal)) is { Key: not null } foreign)
        {
            return name == foreign.Value;
        }

        var own = file.Place.Split('.')[0];
        return own == "Root" ? name == "MailPlugin" : Covers(Prefix + own, name);
    }

    bool IsForeign(string import, SourceFile file) =>
        !Covers("System", import) && !Covers("MailPlugin", import) && ResolveImport(import.Split('.'), file) is null;

    [GeneratedRegex(@"(?<![\w.])(?<!\bnamespace\s+)[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)+")]
    private static partial Regex ChainPattern();

    [GeneratedRegex(@"\busing\s+(?:static\s+)?(?:\w+\s*=\s*)?(?:global\s*::\s*)?(?<name>[A-Za-z_][\w.]*)\s*(?:<[^;]*>)?\s*;")]
    private static partial Regex ImportPattern();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}

using System.Text.RegularExpressions;

namespace MailPlugin.Tests.Architecture;

/// <summary>A file under <c>src</c>: its path from the repository's root with forward slashes, and its code.</summary>
internal sealed partial class SourceFile
{
    public SourceFile(string path, string source)
    {
        Path = path;
        Code = SourceText.CodeOf(source);
        Namespaces = [.. NamespacePattern().Matches(Code).Select(match => match.Groups["name"].Value)];
        Types = [.. TypePattern().Matches(Code).Select(match => match.Groups["name"].Value)];
    }

    public string Path { get; }

    public string Code { get; }

    public IReadOnlyList<string> Namespaces { get; }

    public IReadOnlyList<string> Types { get; }

    /// <summary>The part of its namespace that its folder demands, without "MailPlugin.": the candidate for a row of the rule.</summary>
    public string Place { get; private init; } = "";

    public static SourceFile Read(string root, string file) => At(System.IO.Path.GetRelativePath(root, file).Replace('\\', '/'), File.ReadAllText(file));

    public static SourceFile At(string path, string source)
    {
        // src/MailPlugin.Smtp/Mime/X.cs -> Smtp.Mime; src/MailPlugin/Queue/X.cs -> Queue; src/MailPlugin/X.cs -> Root.
        var folders = path.Split('/')[1..^1];
        var parts = folders[0].Split('.')[1..].Concat(folders[1..]).ToArray();
        return new SourceFile(path, source) { Place = parts.Length == 0 ? "Root" : string.Join('.', parts) };
    }

    [GeneratedRegex(@"\bnamespace\s+(?<name>[\w.]+)")]
    private static partial Regex NamespacePattern();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?|delegate\s+[\w.<>\[\],? ]+?)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex TypePattern();
}

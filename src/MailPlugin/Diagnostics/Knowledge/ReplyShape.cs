using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MailPlugin.Diagnostics.Knowledge;

/// <summary>
/// A reply without what is particular to one: code and enhanced status, then only words that servers are known to say (those of the entries and of
/// <c>vocabulary.txt</c>); names, addresses, numbers, ids and words of the recipient's address become "…". So no person is in it, by construction, and one kind of reply is one row.
/// </summary>
internal static class ReplyShape
{
    const int MaxLength = 300;
    const string Gap = "…";
    const string Edges = "()[]{}<>:;,.!?\"'*#=-";

    static readonly FrozenSet<string> Vocabulary = Words().ToFrozenSet(StringComparer.Ordinal);

    public static string Of(string reply, string? recipient)
    {
        var seen = Observation.Of(reply, null);
        var theirs = new HashSet<string>((recipient ?? "").ToLowerInvariant().Split(['@', '.', '_', '-', '+'], StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
        var shape = new StringBuilder();
        if (seen.Code > 0)
        {
            shape.Append(CultureInfo.InvariantCulture, $"{seen.Code}");
        }

        Add(shape, seen.EnhancedStatus);
        var isGap = false;
        foreach (var token in SpokenWords.Of(seen.Words, seen.EnhancedStatus).Split(' '))
        {
            var word = token.Trim(Edges.ToCharArray());
            var known = word.Length > 0 && word.Split('-', '\'').All(part => Vocabulary.Contains(part) && !theirs.Contains(part));
            if (known || (!isGap && token.Length > 0))
            {
                Add(shape, known ? word : Gap);
            }

            isGap = !known;
            if (shape.Length >= MaxLength)
            {
                break;
            }
        }

        return shape.ToString();
    }

    public static string IdOf(string shape) => "u_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shape)).AsSpan(0, 12));

    static void Add(StringBuilder shape, string? word)
    {
        if (word is not null)
        {
            shape.Append(shape.Length > 0 ? " " : "").Append(word);
        }
    }

    static IEnumerable<string> Words()
    {
        using var list = new StreamReader(typeof(ReplyShape).Assembly.GetManifestResourceStream("vocabulary.txt")!);
        return KnowledgeBase.Shipped.Entries.SelectMany(entry => entry.Match.Words.Concat(entry.Match.OneOf))
            .Append(list.ReadToEnd())
            .SelectMany(text => text.Split([' ', '\n', '\r', '-', '\'']))
            .Select(word => word.Trim(Edges.ToCharArray()))
            .Where(word => word.Length > 0 && word.All(char.IsAsciiLetterLower));
    }
}

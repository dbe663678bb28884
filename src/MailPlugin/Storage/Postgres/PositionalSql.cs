using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace MailPlugin.Storage.Postgres;

/// <summary>SQL with its parameters numbered, as the protocol wants them. Done once for each text; the driver would parse names with every execution.</summary>
internal sealed class PositionalSql
{
    static readonly ConcurrentDictionary<string, PositionalSql> Known = new(StringComparer.Ordinal);

    PositionalSql(string text, string[] names) => (Text, Names) = (text, names);

    public string Text { get; }

    /// <summary>The name behind <c>$1</c>, <c>$2</c>, …, with its <c>@</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    public static PositionalSql Of(string sql) => Known.GetOrAdd(sql, Parse);

    public int IndexOf(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
            {
                return i;
            }
        }

        throw new ArgumentException($"The statement has no parameter {name}.", nameof(name));
    }

    static PositionalSql Parse(string sql)
    {
        var text = new StringBuilder(sql.Length);
        var names = new List<string>();
        var quoted = false;
        for (var at = 0; at < sql.Length; at++)
        {
            quoted ^= sql[at] == '\'';
            var end = at + 1;
            while (!quoted && sql[at] == '@' && end < sql.Length && (char.IsAsciiLetterOrDigit(sql[end]) || sql[end] == '_'))
            {
                end++;
            }

            if (end == at + 1)
            {
                text.Append(sql[at]);
                continue;
            }

            var name = sql[at..end];
            if (!names.Contains(name))
            {
                names.Add(name);
            }

            text.Append('$').Append((names.IndexOf(name) + 1).ToString(CultureInfo.InvariantCulture));
            at = end - 1;
        }

        return new(text.ToString(), [.. names]);
    }
}

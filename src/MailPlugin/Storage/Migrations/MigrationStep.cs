using System.Globalization;
using System.Reflection;

namespace MailPlugin.Storage.Migrations;

/// <summary>A step of the schema: embedded as <c>NNNN-name.DIALECT.sql</c>. Numbers may have gaps; steps are applied in their order, each once.</summary>
internal sealed record MigrationStep(int Number, string Name, string Sql)
{
    /// <param name="dialect"><c>sqlite</c> or <c>postgres</c>.</param>
    public static IReadOnlyList<MigrationStep> All(string dialect)
    {
        var assembly = typeof(MigrationStep).Assembly;
        var suffix = $".{dialect}.sql";
        return
        [
            .. assembly.GetManifestResourceNames().Where(name => name.EndsWith(suffix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
                .Select(name => new MigrationStep(int.Parse(name[..4], CultureInfo.InvariantCulture), name[5..^suffix.Length], Read(assembly, name))),
        ];
    }

    /// <summary>Those that the database does not have yet.</summary>
    /// <exception cref="DatabaseUnavailableException">It has one that is not known here.</exception>
    public static IEnumerable<MigrationStep> Missing(string dialect, IReadOnlyCollection<int> applied)
    {
        var steps = All(dialect);
        return applied.Except(steps.Select(step => step.Number)).DefaultIfEmpty().Max() is var unknown and > 0
            ? throw new DatabaseUnavailableException($"The database has step {unknown} of the schema, which this version does not know: it was written by a newer version.")
            : steps.Where(step => !applied.Contains(step.Number));
    }

    static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}

namespace MailPlugin.TestBed;

/// <summary>Debian keeps PostgreSQL's server programs out of the PATH, one folder for each major version.</summary>
static class PostgreSqlPrograms
{
    const string Root = "/usr/lib/postgresql";

    public static string? Folder { get; } = Directory.Exists(Root)
        ? Directory.GetDirectories(Root)
            .Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb")))
            .Order(StringComparer.Ordinal)
            .LastOrDefault()
        : null;
}

namespace MailPlugin.TestBed;

/// <summary>Debian keeps PostgreSQL's server programs out of the PATH, one folder for each major version.</summary>
static class PostgreSqlPrograms
{
    public static string? Folder { get; } = new[] { "/usr/lib/postgresql", BedFolder.Of("postgresql/usr/lib/postgresql") }
        .Where(Directory.Exists)
        .SelectMany(Directory.GetDirectories)
        .Select(version => Path.Combine(version, "bin"))
        .FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")));
}

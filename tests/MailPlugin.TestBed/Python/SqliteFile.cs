namespace MailPlugin.TestBed;

/// <summary>A database file, written to by Python's SQLite while its owner runs.</summary>
public static class SqliteFile
{
    const string Script = """
        import sqlite3, sys
        with sqlite3.connect(sys.argv[1], timeout=30) as database:
            database.execute('pragma synchronous = off')
            database.executescript(sys.stdin.read())
        """;

    public static async Task RunAsync(string file, string sql)
    {
        Requirement.Demand(Server.Python);
        await ForeignProgram.RunAsync(["/usr/bin/python3", "-c", Script, file], System.Text.Encoding.UTF8.GetBytes(sql));
    }
}

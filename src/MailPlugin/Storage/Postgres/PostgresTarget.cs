using MailPlugin.Options;
using MailPlugin.Security.Secrets;
using Npgsql;

namespace MailPlugin.Storage.Postgres;

/// <summary>Where the store is when it is not a file (<c>MailPlugin:Store</c>): a connection string, completed by what this plugin needs of a connection.</summary>
internal sealed class PostgresTarget
{
    const string Option = "Store";
    const string StandardSchema = "mailplugin";

    /// <summary>Beyond the time of one command: whoever waited for nothing but this one learns its end.</summary>
    static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    readonly Secret _connectionString;

    PostgresTarget(NpgsqlConnectionStringBuilder builder)
    {
        Schema = builder.SearchPath!;
        Place = $"{builder.Host}/{builder.Database ?? builder.Username}";
        Patience = TimeSpan.FromSeconds(builder.CommandTimeout) + Margin;
        _connectionString = new(builder.ConnectionString);
    }

    /// <summary>The schema that has the tables.</summary>
    public string Schema { get; }

    /// <summary>Whoever asked something of the database is answered after this time, though it be without a result.</summary>
    public TimeSpan Patience { get; }

    /// <summary>For people: host and database.</summary>
    public string Place { get; }

    /// <summary>Null: the store is SQLite in the data folder.</summary>
    /// <exception cref="InvalidOptionException">It is no connection string. Says nothing of its content, which has a password.</exception>
    public static PostgresTarget? Read(MailPluginOptions options) => options.Reader.Text(Option) is { } text ? new(Parse(text)) : null;

    /// <summary>The same place for work that nobody waits for: to count a large table takes minutes.</summary>
    public PostgresTarget Unhurried() => new(new NpgsqlConnectionStringBuilder(_connectionString.Reveal()) { CommandTimeout = 3600 });

    public NpgsqlConnection NewConnection() => new(_connectionString.Reveal());

    public override string ToString() => Place;

    static NpgsqlConnectionStringBuilder Parse(string text)
    {
        NpgsqlConnectionStringBuilder builder;
        try
        {
            builder = new(text);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new InvalidOptionException(Option, "must be a connection string such as Host=db.example.com;Database=mail;Username=mail;Password=…, with names that Npgsql knows");
        }

        if (string.IsNullOrWhiteSpace(builder.Host))
        {
            throw new InvalidOptionException(Option, "must name a Host");
        }

        if (builder.CommandTimeout == 0)
        {
            throw new InvalidOptionException(Option, "must have a Command Timeout: without one nobody would be answered while the database is silent");
        }

        return Complete(builder);
    }

    /// <summary>What somebody wrote stays; what nobody wrote is chosen so that no wait is long.</summary>
    static NpgsqlConnectionStringBuilder Complete(NpgsqlConnectionStringBuilder builder)
    {
        var written = builder.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        Default("Timeout", () => builder.Timeout = 3);
        Default("Command Timeout", () => builder.CommandTimeout = 4);

        // A commit that is called back need not have reached the standbys, and yet says that it is through.
        Default("Cancellation Timeout", () => builder.CancellationTimeout = -1);
        Default("TCP Keepalive", () => builder.TcpKeepAlive = true);
        Default("Application Name", () => builder.ApplicationName = "MailPlugin");
        Default("Max Auto Prepare", () => builder.MaxAutoPrepare = 200);
        Default("Auto Prepare Min Usages", () => builder.AutoPrepareMinUsages = 2);
        Default("Search Path", () => builder.SearchPath = StandardSchema);
        if (builder.Host!.Contains(',', StringComparison.Ordinal))
        {
            // A standby cannot take mail.
            Default("Target Session Attributes", () => builder.TargetSessionAttributes = "read-write");
        }

        // Connections are kept here, with what is prepared on them; and errors say nothing of the data.
        builder.Pooling = false;
        builder.IncludeErrorDetail = false;
        return builder;

        void Default(string keyword, Action set)
        {
            if (!written.Contains(keyword))
            {
                set();
            }
        }
    }
}

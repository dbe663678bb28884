namespace MailPlugin.TestBed;

/// <summary>What a server needs of this machine, and what of it is missing.</summary>
public static class Requirement
{
    /// <summary>Set to 1 (as <c>tests/run.sh</c> does) where a missing server is a failure.</summary>
    public const string Variable = "MAILPLUGIN_REQUIRE_SERVERS";

    /// <summary>Whether a missing server has to fail a test instead of skipping it.</summary>
    public static bool Strict => Environment.GetEnvironmentVariable(Variable) == "1";

    /// <summary>Names what is missing for a server, or null when it can be started.</summary>
    public static string? Missing(Server server) => server switch
    {
        Server.Postfix => First(server, Root, File("/usr/lib/postfix/sbin/master"), File("/usr/sbin/saslpasswd2"), File("/usr/lib/x86_64-linux-gnu/sasl2", "/usr/lib/aarch64-linux-gnu/sasl2")),
        Server.SmtpSink => First(server, File("/usr/sbin/smtp-sink")),
        Server.Exim => First(server, Root, Namespaces, Bed("exim/usr/sbin/exim4")),
        Server.OpenSmtpd => First(server, Root, Namespaces, Bed("opensmtpd/usr/sbin/smtpd")),
        Server.NodeSmtpServer => First(server, Program("node"), Bed("node_modules/smtp-server"), Bed("node_modules/mailparser")),
        Server.Python => First(server, File("/usr/bin/python3"), File("/usr/lib/python3/dist-packages/dkim")),
        Server.Php => First(server, Program("php")),
        Server.Msmtp => First(server, Program("msmtp")),
        Server.Chromium => First(server, Program("chromium")),
        Server.Strace => First(server, Program("strace")),
        Server.SmallDisk => First(server, Root, Namespaces),
        Server.PostgreSql => First(server, PostgreSqlPrograms.Folder is null ? "initdb under /usr/lib/postgresql or tests/.bed/postgresql" : null),
        Server.OpenSsl => First(server, Program("openssl")),
        Server.Swaks => First(server, Program("swaks")),
        Server.TinyProxy => First(server, Program("tinyproxy")),
        Server.MicroSocks => First(server, Program("microsocks")),
        _ => throw new ArgumentOutOfRangeException(nameof(server)),
    };

    /// <summary>Names the missing ones among several, or null.</summary>
    public static string? Missing(IEnumerable<Server> servers) =>
        string.Join("; ", servers.Select(Missing).OfType<string>()) is { Length: > 0 } text ? text : null;

    /// <summary>Fails with the name of what is missing: called by every server before it starts.</summary>
    public static void Demand(Server server)
    {
        if (Missing(server) is { } missing)
        {
            throw new InvalidOperationException($"{missing}. tests/run.sh installs what can be installed.");
        }
    }

    static string? Root => Elevation.Possible ? null : "root, or a sudo that asks nothing";

    static string? Namespaces => Elevation.CanUnshare ? null : "right to make a mount namespace (unshare -m)";

    static string? First(Server server, params ReadOnlySpan<string?> needs)
    {
        foreach (var need in needs)
        {
            if (need is not null)
            {
                return $"{server} is missing: no {need}";
            }
        }

        return null;
    }

    static string? File(params string[] paths) => Array.Exists(paths, Path.Exists) ? null : paths[0];

    static string? Bed(string path) => Path.Exists(BedFolder.Of(path)) ? null : $"tests/.bed/{path}";

    static string? Program(string name) => Programs.Find(name) is null ? $"{name} in the PATH" : null;
}

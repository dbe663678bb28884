using System.Net;
using Microsoft.Extensions.Configuration;

namespace MailPlugin.Options;

/// <summary>What the host's configuration says of the plugin (<c>MailPlugin:…</c>), valid as a whole; fixed while the host runs.</summary>
internal sealed record MailPluginOptions
{
    public const string Section = "MailPlugin";

    /// <summary>Folder for database, keys and logs.</summary>
    public required string Data { get; init; }

    /// <summary>The data folder whose store is moved into the one that is configured; the host does nothing else then. On a command line also <c>--migrate-from</c>.</summary>
    public string? MigrateFrom { get; init; }

    /// <summary>Full path of the API, without a trailing slash.</summary>
    public string BasePath { get; init; } = "/api/mail";

    /// <summary>Full path of the page, with a trailing slash.</summary>
    public string PagePath { get; init; } = "/mail/";

    public string? BootstrapKeyFile { get; init; }

    /// <summary>The host's authorization policy that signs administrators in; null: they sign in with a key.</summary>
    public string? AdminPolicy { get; init; }

    /// <summary>Scheme, host and prefix as browsers see them.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Proxies whose X-Forwarded headers count.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    public KeyRingPaths KeyRing { get; init; } = new(null, null);

    public OutboundOptions Outbound { get; init; } = new();

    /// <summary>A folder with templates that override the built-in ones (<c>Templates:Path</c>).</summary>
    public string? TemplatesPath { get; init; }

    public LoggingOptions Logging { get; init; } = new();

    public TranscriptOptions Transcripts { get; init; } = new();

    /// <summary>Whether the host's own health checks are told how mail is doing.</summary>
    public bool HealthCheck { get; init; }

    /// <summary>For the slices that have options of their own; <see cref="OptionReader.RefuseUnknown"/> comes after the last of them.</summary>
    public required OptionReader Reader { get; init; }

    public static MailPluginOptions Read(IConfiguration configuration, string contentRoot)
    {
        var section = configuration.GetSection(Section);
        var reader = new OptionReader(section);
        var options = Read(reader, contentRoot) with { MigrateFrom = reader.FilePath("MigrateFrom", contentRoot) ?? Switch(configuration, contentRoot) };

        // The API's branch comes first: a page below it could never be reached.
        if (options.PagePath.StartsWith(options.BasePath + "/", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOptionException("PagePath", $"must not be BasePath ({options.BasePath}) or below it");
        }

        return options;
    }

    /// <summary>As a host's command line has it that knows nothing of plugins.</summary>
    static string? Switch(IConfiguration configuration, string contentRoot) =>
        configuration["migrate-from"] is { Length: > 0 } folder ? Path.GetFullPath(folder, contentRoot) : null;

    static MailPluginOptions Read(OptionReader reader, string contentRoot) => new()
    {
        Reader = reader,
        Data = reader.FilePath("Data", contentRoot) ?? Path.Combine(contentRoot, "data", "MailPlugin"),
        BasePath = reader.UrlPath("BasePath") ?? "/api/mail",
        PagePath = (reader.UrlPath("PagePath") ?? "/mail") + "/",
        BootstrapKeyFile = reader.FilePath("BootstrapKeyFile", contentRoot),
        AdminPolicy = reader.Text("AdminPolicy"),
        TrustedProxies = reader.Networks("TrustedProxies"),
        PublicUrl = reader.Url("PublicUrl"),
        KeyRing = new(reader.Below("KeyRing").FilePath("CertificateFile", contentRoot), reader.Below("KeyRing").FilePath("KeyFile", contentRoot)),
        Outbound = OutboundOptions.Read(reader.Below("Outbound")),
        TemplatesPath = reader.Below("Templates").Folder("Path", contentRoot),
        Logging = LoggingOptions.Read(reader.Below("Logging")),
        Transcripts = TranscriptOptions.Read(reader.Below("Retention")),
        HealthCheck = reader.Flag("HealthCheck") ?? false,
    };
}

/// <summary>What the keys of Data Protection are sealed with; at most one of them.</summary>
internal sealed record KeyRingPaths(string? CertificateFile, string? KeyFile);

/// <summary>Where connections may go.</summary>
internal sealed record OutboundOptions
{
    /// <summary>Whether relays may be at private addresses and loopback.</summary>
    public bool AllowPrivate { get; init; } = true;

    /// <summary>Ports that relays and proxies may have; empty: any. Providers of tokens may always have that of https.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>Addresses that keys with scope test may send to, beside the administrator's.</summary>
    public IReadOnlyList<string> TestRecipients { get; init; } = [];

    public static OutboundOptions Read(OptionReader reader) => new()
    {
        AllowPrivate = reader.Flag("AllowPrivate") ?? true,
        Ports = reader.Numbers("Ports", 1, 65535),
        TestRecipients = reader.Texts("TestRecipients"),
    };
}

/// <summary>The log in <c>&lt;Data&gt;/logs</c>.</summary>
internal sealed record LoggingOptions
{
    /// <summary>Bytes after which a day's file is continued in another.</summary>
    public int FileSize { get; init; } = 16 * 1024 * 1024;

    /// <summary>Files kept.</summary>
    public int Files { get; init; } = 14;

    /// <summary>Whether the local parts of addresses are left out.</summary>
    public bool MaskAddresses { get; init; }

    public static LoggingOptions Read(OptionReader reader) => new()
    {
        FileSize = reader.Number("FileSize", 64 * 1024, int.MaxValue) ?? 16 * 1024 * 1024,
        Files = reader.Number("Files", 1, 10_000) ?? 14,
        MaskAddresses = reader.Flag("MaskAddresses") ?? false,
    };
}

/// <summary>How long transcripts are kept (<c>Retention:Transcript…</c>).</summary>
internal sealed record TranscriptOptions
{
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(14);

    /// <summary>Compressed, all together.</summary>
    public long Bytes { get; init; } = 256L * 1024 * 1024;

    public static TranscriptOptions Read(OptionReader reader) => new()
    {
        Age = reader.Duration("TranscriptAge", TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650)) ?? TimeSpan.FromDays(14),
        Bytes = (reader.Number("TranscriptMegabytes", 1, 1_000_000) ?? 256) * 1024L * 1024,
    };
}

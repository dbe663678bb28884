using MailPlugin.Abstractions;
using MailPlugin.Settings.FromHost;

namespace MailPlugin.Settings;

/// <summary>What the administrator edits, valid as a whole: one immutable snapshot.</summary>
internal sealed record MailSettings
{
    public static MailSettings Empty { get; } = new();

    /// <summary>Off: new mail is refused, what is queued waits.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The author where neither the submission nor the transport names one.</summary>
    public MailAddress? From { get; init; }

    public MailAddress? ReplyTo { get; init; }

    /// <summary>The envelope's sender where neither the submission nor the transport names one.</summary>
    public string? EnvelopeFrom { get; init; }

    /// <summary>Replaces the caller's From by the transport's or this one.</summary>
    public bool ForceFrom { get; init; }

    public string? SubjectPrefix { get; init; }

    /// <summary>Where test mails go when no recipient is named.</summary>
    public string? AdminAddress { get; init; }

    /// <summary>In the order in which they are tried.</summary>
    public IReadOnlyList<TransportSettings> Transports { get; init; } = [];

    public IReadOnlyList<DkimSettings> Dkim { get; init; } = [];

    public TransportSettings? Transport(string id) => Transports.FirstOrDefault(transport => transport.Id == id);
}

/// <summary>A snapshot with what the store knows of it.</summary>
/// <param name="Version">Grows by one with every save; 0 before the first.</param>
internal sealed record VersionedSettings(int Version, DateTimeOffset? UpdatedAt, string? UpdatedBy, MailSettings Settings)
{
    /// <summary>What of them the host's configuration decides.</summary>
    public HostLayer Host { get; init; } = HostLayer.Empty;

    /// <summary>Transports that were saved: a secret of the host's is bound to what was saved with it.</summary>
    public IReadOnlySet<string> SavedTransports { get; init; } = new HashSet<string>();

    /// <summary>What stored settings and the host's do not agree in.</summary>
    public IReadOnlyList<SettingsNotice> Notices { get; init; } = [];
}

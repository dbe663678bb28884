namespace MailPlugin.Settings.Transfer;

/// <summary>A relay as a text describes it, in terms that all formats share. What is null was not said.</summary>
internal sealed record ImportedRelay
{
    /// <summary>What the id is made of; null: the host.</summary>
    public string? Label { get; init; }

    public string? Host { get; init; }

    public int? Port { get; init; }

    /// <summary>The port that the format itself takes when none is named; null: the usual one of <see cref="Tls"/>.</summary>
    public int? DefaultPort { get; init; }

    public ImportedTls Tls { get; init; }

    /// <summary>Whether a login is wanted; null: when there is a user name.</summary>
    public bool? SignsIn { get; init; }

    public SmtpAuthChoice Auth { get; init; } = SmtpAuthChoice.Auto;

    public string? Username { get; init; }

    public string? Password { get; init; }

    public string? MinimumTls { get; init; }

    public int? TimeoutSeconds { get; init; }

    public string? EhloName { get; init; }

    public string? LocalAddress { get; init; }

    /// <summary>SHA-256 of a pinned certificate.</summary>
    public string? Pin { get; init; }

    public string? From { get; init; }

    public ImportedProxy? Proxy { get; init; }
}

internal sealed record ImportedProxy(ProxyKind Type, string Host, int Port, string? Username, string? Password);

/// <summary>What a text says of encryption.</summary>
internal enum ImportedTls
{
    /// <summary>Nothing.</summary>
    Unsaid,

    /// <summary>That there is none.</summary>
    None,

    IfOffered,

    StartTls,

    Implicit,
}

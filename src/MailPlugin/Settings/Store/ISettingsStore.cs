using MailPlugin.Settings.Versions;

namespace MailPlugin.Settings.Store;

internal interface ISettingsStore
{
    /// <summary>The newest version; null before the first save.</summary>
    Task<StoredSettings?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>A version; null when there is none, or none any more.</summary>
    Task<StoredSettings?> FindAsync(int version, CancellationToken cancellationToken);

    /// <summary>Newest first, older than <paramref name="before"/> when it is set.</summary>
    Task<IReadOnlyList<SettingsVersion>> ListAsync(int? before, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a version if the newest is still <paramref name="settings"/>.Version - 1, and removes those beyond <see cref="SettingsVersion.Kept"/>;
    /// else keeps nothing and says false.
    /// </summary>
    Task<bool> SaveAsync(StoredSettings settings, CancellationToken cancellationToken);
}

/// <summary>A version as it is kept.</summary>
/// <param name="Version">From 1.</param>
/// <param name="UpdatedAt">When it was saved.</param>
/// <param name="UpdatedBy">By whom.</param>
/// <param name="Document">JSON without secrets.</param>
/// <param name="Secrets">The secrets, protected; null when there are none.</param>
internal sealed record StoredSettings(int Version, DateTimeOffset UpdatedAt, string UpdatedBy, string Document, byte[]? Secrets);

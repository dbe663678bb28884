using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;
using MailPlugin.Security.Secrets;
using MailPlugin.Settings.FromHost;
using MailPlugin.Settings.Reading;
using MailPlugin.Settings.Secrets;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Settings.Store;

/// <summary>Keeps the settings in force in memory, stored ones and the host's together, and every version in the store.</summary>
internal sealed partial class SettingsRegister(ISettingsStore store, ISecretProtector protector, HostSettings host, TimeProvider clock, ILogger<SettingsRegister> logger)
    : ISettingsSource, IDisposable
{
    const string Purpose = "settings";

    readonly SemaphoreSlim _saving = new(1);
    readonly Lock _adopting = new();
    SavedSettings _saved = SavedSettings.None;
    VersionedSettings _current = SettingsComposition.Of(SavedSettings.None, host.Current);

    public event Action<VersionedSettings>? Changed;

    /// <summary>False once stored secrets could not be read; a save with new ones mends it.</summary>
    public bool SecretsAreReadable { get; private set; } = true;

    public VersionedSettings Current => Volatile.Read(ref _current);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (await store.LoadAsync(cancellationToken) is not { } stored || stored.Version == Volatile.Read(ref _saved).Version)
        {
            Adopt(null);
            return;
        }

        var saved = Restore(stored, out var faults);
        if (faults.Any)
        {
            LogFaults(stored.Version, string.Join("; ", faults.ToErrors().Select(pair => $"{pair.Key}: {string.Join(", ", pair.Value)}")));
        }

        SecretsAreReadable = saved.SecretsAreReadable;
        if (!saved.SecretsAreReadable)
        {
            LogUnreadable(stored.Version);
        }

        Adopt(saved);
    }

    /// <summary>The host's configuration changed.</summary>
    public void AdoptHost() => Adopt(null);

    /// <summary>A version that is kept, with its secrets.</summary>
    public async Task<SavedSettings?> FindAsync(int version, CancellationToken cancellationToken) =>
        await store.FindAsync(version, cancellationToken) is { } stored ? Restore(stored, out _) : null;

    /// <summary>
    /// Saves settings as the successor of <paramref name="basedOn"/>; null when others came into force in between, which then are the current ones.
    /// What the host's configuration decides is noted in the document and not stored as a secret.
    /// </summary>
    public async Task<VersionedSettings?> SaveAsync(MailSettings settings, VersionedSettings basedOn, string who, CancellationToken cancellationToken)
    {
        // One at a time: whoever is refused finds the version in force that refused it.
        await _saving.WaitAsync(cancellationToken);
        try
        {
            if (!ReferenceEquals(Current, basedOn))
            {
                return null;
            }

            var locked = basedOn.Host.Locked(settings);
            var document = SettingsDocument.Write(settings);
            document[SavedSettings.LockedProperty] = JsonSerializer.SerializeToNode(locked);
            settings = SettingsSecrets.Map(settings, field => locked.ContainsKey(field.Path) ? null : field.Value);
            var stored = new StoredSettings(basedOn.Version + 1, clock.GetUtcNow(), who, document.ToJsonString(SettingsDocument.Json), ProtectSecrets(settings));
            if (!await store.SaveAsync(stored, cancellationToken))
            {
                // Another process on the same database was faster.
                await LoadAsync(cancellationToken);
                return null;
            }

            SecretsAreReadable = true;
            LogSaved(stored.Version, who);
            return Adopt(new(stored.Version, stored.UpdatedAt, who, document, settings, SecretsAreReadable: true));
        }
        finally
        {
            _saving.Release();
        }
    }

    public void Dispose() => _saving.Dispose();

    /// <summary>Never an older version for a newer: another node's may be read while this node's own save is on its way back.</summary>
    /// <param name="saved">What is in force from now on; null: what was, under the host's new values.</param>
    VersionedSettings Adopt(SavedSettings? saved)
    {
        VersionedSettings current;
        lock (_adopting)
        {
            if (saved?.Version <= _saved.Version)
            {
                return _current;
            }

            _saved = saved ?? _saved;
            current = SettingsComposition.Of(_saved, host.Current);
            Volatile.Write(ref _current, current);
        }

        foreach (var notice in current.Notices.Where(notice => notice.IsFault))
        {
            LogNotice(notice.Path, notice.Text.English);
        }

        Changed?.Invoke(current);
        return current;
    }

    byte[]? ProtectSecrets(MailSettings settings)
    {
        var secrets = KeptSecrets.Collect(settings);
        return secrets.Count == 0
            ? null
            : protector.Protect(Purpose, JsonSerializer.SerializeToUtf8Bytes(secrets.ToDictionary(pair => pair.Key, pair => pair.Value.Reveal())));
    }

    /// <summary>A version is read by the same rules that it was saved by; what an older version allowed and this one does not is said, and read as far as it goes.</summary>
    SavedSettings Restore(StoredSettings stored, out Faults faults)
    {
        faults = new Faults();
        using var document = JsonDocument.Parse(stored.Document);
        var settings = SettingsReader.Read(document.RootElement, faults);
        var secrets = UnprotectSecrets(stored);
        return new(
            stored.Version, stored.UpdatedAt, stored.UpdatedBy, JsonNode.Parse(stored.Document)!.AsObject(),
            SettingsSecrets.Map(settings, field => secrets?.GetValueOrDefault(field.Key)), secrets is not null);
    }

    /// <summary>Null when they cannot be read.</summary>
    Dictionary<string, Secret>? UnprotectSecrets(StoredSettings stored)
    {
        if (stored.Secrets is null)
        {
            return [];
        }

        return protector.Unprotect(Purpose, stored.Secrets) is { } bytes
            ? JsonSerializer.Deserialize<Dictionary<string, string>>(bytes)!.ToDictionary(pair => pair.Key, pair => new Secret(pair.Value), StringComparer.Ordinal)
            : null;
    }

    [LoggerMessage(EventId = 1201, Level = LogLevel.Information, Message = "Settings version {Version} saved by {Who}")]
    partial void LogSaved(int version, string who);

    [LoggerMessage(EventId = 1202, Level = LogLevel.Warning, Message = "Settings version {Version} breaks rules of this version: {Faults}")]
    partial void LogFaults(int version, string faults);

    [LoggerMessage(EventId = 1204, Level = LogLevel.Error, Message = "Settings {Path}: {Notice}")]
    partial void LogNotice(string path, string notice);

    [LoggerMessage(EventId = 1203, Level = LogLevel.Error, Message = "The secrets of settings version {Version} cannot be read: the key ring is missing or another one. Type them again and save")]
    partial void LogUnreadable(int version);
}

using System.Text.Json;
using System.Text.Json.Nodes;
using MailPlugin.Http.Binding;
using MailPlugin.Security.Secrets;
using MailPlugin.Settings.Reading;
using MailPlugin.Settings.Secrets;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Settings.Store;

/// <summary>Keeps the settings in force in memory and every version in the store.</summary>
internal sealed partial class SettingsRegister(ISettingsStore store, ISecretProtector protector, TimeProvider clock, ILogger<SettingsRegister> logger)
    : ISettingsSource, IDisposable
{
    const string Purpose = "settings";

    readonly SemaphoreSlim _saving = new(1);
    readonly Lock _adopting = new();
    VersionedSettings _current = new(0, null, null, MailSettings.Empty);

    public event Action<VersionedSettings>? Changed;

    /// <summary>False once stored secrets could not be read; a save with new ones mends it.</summary>
    public bool SecretsAreReadable { get; private set; } = true;

    public VersionedSettings Current => Volatile.Read(ref _current);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (await store.LoadAsync(cancellationToken) is { } stored)
        {
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

            Adopt(new(saved.Version, saved.UpdatedAt, saved.UpdatedBy, saved.Settings));
        }
    }

    /// <summary>A version that is kept, with its secrets.</summary>
    public async Task<SavedSettings?> FindAsync(int version, CancellationToken cancellationToken) =>
        await store.FindAsync(version, cancellationToken) is { } stored ? Restore(stored, out _) : null;

    /// <summary>
    /// Saves settings as the successor of <paramref name="basedOn"/>; null when another version came in between, which then is the current one.
    /// </summary>
    public async Task<VersionedSettings?> SaveAsync(MailSettings settings, int basedOn, string who, CancellationToken cancellationToken)
    {
        // One at a time: whoever is refused finds the version in force that refused it.
        await _saving.WaitAsync(cancellationToken);
        try
        {
            if (Current.Version < basedOn)
            {
                // Another node has saved it and this one has not heard of it yet.
                await LoadAsync(cancellationToken);
            }

            if (Current.Version != basedOn)
            {
                return null;
            }

            var now = clock.GetUtcNow();
            var version = basedOn + 1;
            var stored = new StoredSettings(version, now, who, SettingsDocument.Write(settings).ToJsonString(SettingsDocument.Json), ProtectSecrets(settings));
            if (!await store.SaveAsync(stored, cancellationToken))
            {
                // Another process on the same database was faster.
                await LoadAsync(cancellationToken);
                return null;
            }

            SecretsAreReadable = true;
            var saved = new VersionedSettings(version, now, who, settings);
            Adopt(saved);
            LogSaved(version, who);
            return saved;
        }
        finally
        {
            _saving.Release();
        }
    }

    public void Dispose() => _saving.Dispose();

    /// <summary>Never an older one for a newer: another node's version may be read while this node's own save is on its way back.</summary>
    void Adopt(VersionedSettings settings)
    {
        lock (_adopting)
        {
            if (settings.Version <= _current.Version)
            {
                return;
            }

            Volatile.Write(ref _current, settings);
        }

        Changed?.Invoke(settings);
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

    [LoggerMessage(EventId = 1203, Level = LogLevel.Error, Message = "The secrets of settings version {Version} cannot be read: the key ring is missing or another one. Type them again and save")]
    partial void LogUnreadable(int version);
}

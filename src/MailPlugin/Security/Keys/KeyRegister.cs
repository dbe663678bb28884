using System.Collections.Frozen;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Security.Keys;

/// <summary>The keys in memory: each request asks for one, while they change a few times a year.</summary>
internal sealed partial class KeyRegister(IApiKeyStore store, BootstrapKey bootstrap, TimeProvider clock, ILogger<KeyRegister> logger) : IDisposable
{
    static readonly TimeSpan TouchEvery = TimeSpan.FromMinutes(1);

    readonly Dictionary<string, DateTimeOffset> _touched = new(StringComparer.Ordinal);
    readonly SemaphoreSlim _loading = new(1);
    FrozenDictionary<string, ApiKey> _byHash = FrozenDictionary<string, ApiKey>.Empty;

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        // One after the other: an older list must not replace a newer one and bring a revoked key back.
        await _loading.WaitAsync(cancellationToken);
        try
        {
            var keys = await store.ListAsync(cancellationToken);
            Volatile.Write(ref _byHash, keys.ToFrozenDictionary(key => Convert.ToHexString(key.Hash), StringComparer.Ordinal));
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>The key that this text is, if it is one and has not expired.</summary>
    public ApiKey? Find(string text)
    {
        var hash = KeyText.Hash(text);
        if (_byHash.TryGetValue(Convert.ToHexString(hash), out var key))
        {
            return key.IsValidAt(clock.GetUtcNow()) ? key : null;
        }

        return bootstrap.Matches(hash) ? BootstrapKey.Key : null;
    }

    /// <summary>A key by its id, if it is still valid: sign-ins end with their key.</summary>
    public ApiKey? FindById(string id)
    {
        var key = id == BootstrapKey.Key.Id && bootstrap.IsSet ? BootstrapKey.Key : _byHash.Values.FirstOrDefault(key => key.Id == id);
        return key?.IsValidAt(clock.GetUtcNow()) == true ? key : null;
    }

    /// <summary>Notes that a key was used, at most once a minute, and without making the caller wait.</summary>
    public void Touch(ApiKey key)
    {
        var now = clock.GetUtcNow();
        lock (_touched)
        {
            if (_touched.TryGetValue(key.Id, out var last) && now - last < TouchEvery)
            {
                return;
            }

            _touched[key.Id] = now;
        }

        if (key != BootstrapKey.Key)
        {
            _ = TouchAsync(key.Id, now);
        }
    }

    public void Dispose() => _loading.Dispose();

    async Task TouchAsync(string id, DateTimeOffset now)
    {
        try
        {
            await store.TouchAsync(id, now, CancellationToken.None);
        }
        catch (Exception fault)
        {
            LogNotTouched(id, fault);
        }
    }

    [LoggerMessage(EventId = 1101, Level = LogLevel.Warning, Message = "The last use of key {Key} could not be noted")]
    partial void LogNotTouched(string key, Exception fault);
}

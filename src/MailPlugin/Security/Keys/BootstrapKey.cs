using System.Security.Cryptography;
using MailPlugin.Options;

namespace MailPlugin.Security.Keys;

/// <summary>An admin key that the host's administrator lays in a file: for recovery and provisioning. Read at start, kept as a hash.</summary>
internal sealed class BootstrapKey(MailPluginOptions options)
{
    /// <summary>Short keys could be guessed.</summary>
    const int ShortestKey = 20;

    readonly byte[]? _hash = Read(options.BootstrapKeyFile);

    public static ApiKey Key { get; } = new()
    {
        Id = "bootstrap",
        Name = "bootstrap",
        Hash = [],
        Scopes = [Scopes.Admin],
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    public bool IsSet => _hash is not null;

    public bool Matches(byte[] hash) => _hash is not null && CryptographicOperations.FixedTimeEquals(_hash, hash);

    static byte[]? Read(string? file)
    {
        if (file is null)
        {
            return null;
        }

        string text;
        try
        {
            text = File.ReadAllText(file).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOptionException("BootstrapKeyFile", $"cannot be read: {fault.Message}");
        }

        return text.Length >= ShortestKey
            ? KeyText.Hash(text)
            : throw new InvalidOptionException("BootstrapKeyFile", $"must hold a key of at least {ShortestKey} characters");
    }
}

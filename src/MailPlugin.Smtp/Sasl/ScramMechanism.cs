using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MailPlugin.Smtp;

/// <summary>
/// SCRAM (RFC 5802, RFC 7677) without channel binding: the password never travels, and a success is believed only when the server has
/// proven that it knows the password too.
/// </summary>
internal abstract class ScramMechanism(SmtpCredentials credentials, string name, HashAlgorithmName hash, int hashLength, string? nonce) : SaslMechanism
{
    /// <summary>Fewer let a listener guess too fast (RFC 7677 4), more would let a server keep this machine busy.</summary>
    const int FewestIterations = 4096;

    const int MostIterations = 1_000_000;

    readonly string _nonce = nonce ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(24));
    byte[]? _serverSignature;
    bool _proven;
    int _step;

    internal override string Name => name;

    internal override bool MayEnd => _proven;

    internal override byte[] Initial() => Encoding.UTF8.GetBytes("n,," + ClientFirst);

    internal override byte[] Respond(byte[] challenge)
    {
        if (challenge.Length == 0 && _step == 0)
        {
            return Initial();
        }

        return _step++ switch
        {
            0 => Prove(Encoding.UTF8.GetString(challenge)),
            1 => Believe(Encoding.UTF8.GetString(challenge)),
            _ => throw new SaslException("The server asked for more than the mechanism has."),
        };
    }

    string ClientFirst => $"n={Escape(SaslPrep.Apply(credentials.UserName))},r={_nonce}";

    byte[] Prove(string serverFirst)
    {
        var fields = Fields(serverFirst);
        if (!fields.TryGetValue('r', out var nonce) || !nonce.StartsWith(_nonce, StringComparison.Ordinal) || nonce.Length == _nonce.Length)
        {
            throw new SaslException("The server's nonce does not follow from ours.");
        }

        if (!fields.TryGetValue('i', out var count) || !int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < FewestIterations or > MostIterations)
        {
            throw new SaslException($"The server asks for {count} iterations; {FewestIterations} to {MostIterations} are done.");
        }

        if (fields.ContainsKey('m') || !fields.TryGetValue('s', out var saltText) || !TryDecode(saltText, out var salt))
        {
            throw new SaslException("The server's challenge is no SCRAM.");
        }

        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(SaslPrep.Apply(credentials.Secret.Value)), salt, iterations, hash, hashLength);
        var clientKey = Mac(salted, "Client Key");
        var withoutProof = $"c=biws,r={nonce}";
        var authMessage = $"{ClientFirst},{serverFirst},{withoutProof}";
        var proof = Mac(Hash(clientKey), authMessage);
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= clientKey[i];
        }

        _serverSignature = Mac(Mac(salted, "Server Key"), authMessage);
        CryptographicOperations.ZeroMemory(salted);
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    byte[] Believe(string serverFinal)
    {
        var fields = Fields(serverFinal);
        if (!fields.TryGetValue('v', out var signature) || !TryDecode(signature, out var bytes) || _serverSignature is null
            || !CryptographicOperations.FixedTimeEquals(bytes, _serverSignature))
        {
            throw new SaslException("The server did not prove that it knows the password.");
        }

        _proven = true;
        return [];
    }

    byte[] Mac(byte[] key, string text) => hash == HashAlgorithmName.SHA256
        ? HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text))
        : HmacSha1(key, Encoding.UTF8.GetBytes(text));

    byte[] Hash(byte[] bytes) => hash == HashAlgorithmName.SHA256 ? SHA256.HashData(bytes) : Sha1(bytes);

    // SCRAM-SHA-1 is defined with it, and what it is used for there does not rest on collisions.
#pragma warning disable CA5350
    static byte[] HmacSha1(byte[] key, byte[] bytes) => HMACSHA1.HashData(key, bytes);

    static byte[] Sha1(byte[] bytes) => SHA1.HashData(bytes);
#pragma warning restore CA5350

    static string Escape(string name) => name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);

    static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
        {
            return false;
        }

        bytes = bytes[..length];
        return true;
    }

    static Dictionary<char, string> Fields(string message)
    {
        var fields = new Dictionary<char, string>();
        foreach (var part in message.Split(','))
        {
            if (part.Length >= 2 && part[1] == '=')
            {
                fields.TryAdd(part[0], part[2..]);
            }
        }

        return fields;
    }
}

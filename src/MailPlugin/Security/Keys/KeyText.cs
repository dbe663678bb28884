using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace MailPlugin.Security.Keys;

/// <summary>How keys look: <c>mp_</c> and 256 random bits in base64url.</summary>
internal static class KeyText
{
    const string Prefix = "mp_";

    public static string New() => Prefix + Token();

    /// <summary>256 random bits for cookies and tokens.</summary>
    public static string Token() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string NewId(string prefix) => prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}

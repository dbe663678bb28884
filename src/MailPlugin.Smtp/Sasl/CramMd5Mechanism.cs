using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace MailPlugin.Smtp;

/// <summary>CRAM-MD5 (RFC 2195).</summary>
internal sealed class CramMd5Mechanism(SmtpCredentials credentials) : SaslMechanism
{
    internal override string Name => "CRAM-MD5";

    [SuppressMessage("Security", "CA5351", Justification = "The mechanism is defined with HMAC-MD5.")]
    internal override byte[] Respond(byte[] challenge)
    {
        var digest = HMACMD5.HashData(Encoding.UTF8.GetBytes(credentials.Secret.Value), challenge);
        return Encoding.UTF8.GetBytes($"{credentials.UserName} {Convert.ToHexStringLower(digest)}");
    }
}

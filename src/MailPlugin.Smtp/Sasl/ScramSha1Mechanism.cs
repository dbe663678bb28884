using System.Security.Cryptography;

namespace MailPlugin.Smtp;

/// <summary>SCRAM-SHA-1 (RFC 5802).</summary>
internal sealed class ScramSha1Mechanism(SmtpCredentials credentials, string? nonce = null)
    : ScramMechanism(credentials, "SCRAM-SHA-1", HashAlgorithmName.SHA1, 20, nonce);

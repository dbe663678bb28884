using System.Security.Cryptography;

namespace MailPlugin.Smtp;

/// <summary>SCRAM-SHA-256 (RFC 7677).</summary>
internal sealed class ScramSha256Mechanism(SmtpCredentials credentials, string? nonce = null)
    : ScramMechanism(credentials, "SCRAM-SHA-256", HashAlgorithmName.SHA256, 32, nonce);

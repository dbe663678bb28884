namespace MailPlugin.Smtp;

/// <summary>What a server may send before it is taken for hostile: beyond each the session ends with <see cref="SmtpFault.ProtocolViolation"/>.</summary>
public sealed record SmtpLimits
{
    /// <summary>Bytes in one reply line (RFC 5321 4.5.3.1.5 says 512; real servers exceed it).</summary>
    public int LineLength { get; init; } = 4096;

    /// <summary>Lines in one reply.</summary>
    public int ReplyLines { get; init; } = 128;

    /// <summary>Bytes in one reply.</summary>
    public int ReplyBytes { get; init; } = 32 * 1024;

    /// <summary>Keywords in the answer to EHLO.</summary>
    public int Capabilities { get; init; } = 100;

    /// <summary>Bytes from the greeting to the end of the login.</summary>
    public int HandshakeBytes { get; init; } = 128 * 1024;
}

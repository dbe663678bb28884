namespace MailPlugin.Smtp;

/// <summary>A session could not be made. What happens to a transaction later is an outcome, never this exception.</summary>
public sealed class SmtpException : Exception
{
    internal SmtpException(SmtpStage stage, SmtpFault fault, string message, SmtpReply? reply = null, SmtpCertificate? certificate = null, Exception? cause = null)
        : base(message, cause)
        => (Stage, Fault, Reply, Certificate) = (stage, fault, reply, certificate);

    /// <summary>Where it ended.</summary>
    public SmtpStage Stage { get; }

    /// <summary>Why it ended.</summary>
    public SmtpFault Fault { get; }

    /// <summary>The reply that ended it, if there was one.</summary>
    public SmtpReply? Reply { get; }

    /// <summary>The certificate that was refused.</summary>
    public SmtpCertificate? Certificate { get; }

    /// <summary>What the proxy said, where it was the proxy.</summary>
    internal SmtpProxyAnswer? ProxyAnswer { get; init; }
}

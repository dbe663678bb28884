namespace MailPlugin.Smtp;

/// <summary>Where in the dialogue something happened.</summary>
public enum SmtpStage
{
    /// <summary>The name was asked for.</summary>
    Resolve,

    /// <summary>The connection was made, through a proxy where there is one.</summary>
    Connect,

    /// <summary>The TLS handshake.</summary>
    Tls,

    /// <summary>The server's first reply.</summary>
    Greeting,

    /// <summary>EHLO or HELO.</summary>
    Ehlo,

    /// <summary>The STARTTLS command, not the handshake behind it.</summary>
    StartTls,

    /// <summary>Login.</summary>
    Auth,

    /// <summary>MAIL, or the RSET before it.</summary>
    Mail,

    /// <summary>RCPT.</summary>
    Rcpt,

    /// <summary>The DATA command.</summary>
    Data,

    /// <summary>The content, by DATA or BDAT, and its reply.</summary>
    Content,
}

namespace MailPlugin.TestBed;

/// <summary>The programs of other people that a test may need; <c>tests/run.sh</c> installs all of them.</summary>
public enum Server
{
    /// <summary>Postfix with Cyrus SASL, started as root.</summary>
    Postfix,

    /// <summary>Postfix's fault-injecting sink.</summary>
    SmtpSink,

    /// <summary>Exim, unpacked beside Postfix.</summary>
    Exim,

    /// <summary>OpenSMTPD, unpacked beside Postfix.</summary>
    OpenSmtpd,

    /// <summary>npm's smtp-server and mailparser.</summary>
    NodeSmtpServer,

    /// <summary>Debian's Python with its dkim module.</summary>
    Python,

    /// <summary>PHP's command line.</summary>
    Php,

    /// <summary>msmtp, a sendmail program that speaks SMTP.</summary>
    Msmtp,

    /// <summary>Debian's Chromium.</summary>
    Chromium,

    /// <summary>strace.</summary>
    Strace,

    /// <summary>The right to mount a file system in memory.</summary>
    SmallDisk,

    /// <summary>PostgreSQL's server programs.</summary>
    PostgreSql,

    /// <summary>OpenSSL's command line: s_server.</summary>
    OpenSsl,

    /// <summary>swaks, which speaks SMTP by hand.</summary>
    Swaks,

    /// <summary>tinyproxy, an HTTP proxy.</summary>
    TinyProxy,

    /// <summary>microsocks, a SOCKS 5 proxy.</summary>
    MicroSocks,
}

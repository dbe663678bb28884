namespace MailPlugin.Smtp;

/// <summary>How long to wait for what (RFC 5321 4.5.3.2).</summary>
public sealed record SmtpTimeouts
{
    /// <summary>Resolving, connecting and the proxy, together.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The TLS handshake.</summary>
    public TimeSpan Tls { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The greeting.</summary>
    public TimeSpan Greeting { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a port may be silent before a second connection looks for what it is: at once it is known then that it waits for TLS, or is no mail server at all. Null
    /// leaves it in peace and waits the whole time: there are servers that let strangers wait on purpose.
    /// </summary>
    public TimeSpan? Silence { get; init; }

    /// <summary>The reply to a command.</summary>
    public TimeSpan Command { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A block of content to be taken by the network.</summary>
    public TimeSpan ContentBlock { get; init; } = TimeSpan.FromSeconds(180);

    /// <summary>
    /// The reply to the whole content. Ten minutes (RFC 5321 4.5.3.2.6): a client that gives up earlier makes a duplicate of every message
    /// that a slow scanner looks at.
    /// </summary>
    public TimeSpan FinalReply { get; init; } = TimeSpan.FromSeconds(600);
}

using System.Collections.Frozen;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>
/// The closed list of causes: no answer names another. Beside each id stands who can do something about it, unless what is known of the case says otherwise.
/// The catalog, the knowledge base and the doctor draw from it, and a test holds them to it.
/// </summary>
internal static class CauseList
{
    public static FrozenDictionary<string, Actor> Ids { get; } = new Dictionary<string, Actor>
    {
        // Nothing is wrong.
        ["none"] = Actor.You,

        // Before the server says a word.
        ["name-not-resolved"] = Actor.You,
        ["resolver-unavailable"] = Actor.Network,
        ["connection-refused"] = Actor.Network,
        ["unreachable"] = Actor.Network,
        ["connect-timeout"] = Actor.Network,
        ["port-blocked"] = Actor.Network,
        ["greeting-timeout"] = Actor.You,
        ["reply-timeout"] = Actor.Provider,
        ["connection-lost"] = Actor.Network,
        ["destination-not-allowed"] = Actor.You,
        ["local-address-wrong"] = Actor.You,
        ["ipv6-unreachable"] = Actor.Network,
        ["proxy-unreachable"] = Actor.You,
        ["proxy-login-refused"] = Actor.You,
        ["proxy-refused"] = Actor.Network,
        ["proxy-relay-unreachable"] = Actor.Network,
        ["proxy-failed"] = Actor.Network,
        ["not-smtp"] = Actor.You,
        ["protocol-violation"] = Actor.Provider,
        ["canceled"] = Actor.You,

        // TLS.
        ["tls-expected"] = Actor.You,
        ["plain-text-expected"] = Actor.You,
        ["starttls-not-offered"] = Actor.You,
        ["starttls-stripped"] = Actor.Network,
        ["starttls-refused"] = Actor.Provider,
        ["tls-needed"] = Actor.You,
        ["tls-handshake"] = Actor.Provider,
        ["tls-too-old"] = Actor.Provider,
        ["client-certificate-needed"] = Actor.You,
        ["clock-wrong"] = Actor.You,
        ["ca-certificates-missing"] = Actor.You,
        ["certificate-name"] = Actor.Provider,
        ["certificate-expired"] = Actor.Provider,
        ["certificate-not-yet-valid"] = Actor.You,
        ["certificate-self-signed"] = Actor.You,
        ["certificate-unknown-issuer"] = Actor.You,
        ["certificate-revoked"] = Actor.Provider,
        ["certificate-pin-mismatch"] = Actor.You,
        ["certificate-rejected"] = Actor.Provider,

        // Login.
        ["login-refused"] = Actor.You,
        ["login-needed"] = Actor.You,
        ["login-unavailable"] = Actor.Provider,
        ["login-too-often"] = Actor.You,
        ["app-password-needed"] = Actor.You,
        ["smtp-access-off"] = Actor.You,
        ["oauth-needed"] = Actor.You,
        ["oauth-token-refused"] = Actor.You,
        ["oauth-sign-in-needed"] = Actor.You,
        ["oauth-client-refused"] = Actor.You,
        ["oauth-policy-refused"] = Actor.You,
        ["oauth-unavailable"] = Actor.Provider,
        ["account-blocked"] = Actor.You,
        ["auth-not-offered"] = Actor.You,
        ["auth-method-not-offered"] = Actor.You,
        ["auth-needs-tls"] = Actor.You,
        ["password-missing"] = Actor.You,
        ["plaintext-auth-not-allowed"] = Actor.You,

        // Who sends, and from where.
        ["greeting-refused"] = Actor.Provider,
        ["helo-refused"] = Actor.You,
        ["host-not-allowed"] = Actor.You,
        ["blocklisted"] = Actor.You,
        ["poor-reputation"] = Actor.You,
        ["no-reverse-dns"] = Actor.You,
        ["sender-refused"] = Actor.You,
        ["sender-not-allowed"] = Actor.You,
        ["sender-not-verified"] = Actor.You,
        ["sender-domain-unknown"] = Actor.You,
        ["spf-failed"] = Actor.You,
        ["dkim-failed"] = Actor.You,
        ["dmarc-failed"] = Actor.You,
        ["not-authenticated"] = Actor.You,
        ["relay-denied"] = Actor.You,
        ["policy-refused"] = Actor.Provider,

        // How much.
        ["rate-limited"] = Actor.You,
        ["quota-exceeded"] = Actor.You,
        ["too-many-connections"] = Actor.You,
        ["too-many-recipients"] = Actor.You,
        ["greylisted"] = Actor.Recipient,
        ["server-busy"] = Actor.Provider,
        ["server-fault"] = Actor.Provider,
        ["temporarily-refused"] = Actor.Provider,

        // To whom.
        ["recipient-refused"] = Actor.Recipient,
        ["recipient-unknown"] = Actor.You,
        ["recipient-domain-unknown"] = Actor.You,
        ["recipient-address-invalid"] = Actor.You,
        ["recipient-disabled"] = Actor.Recipient,
        ["recipient-rate-limited"] = Actor.Recipient,
        ["recipient-not-permitted"] = Actor.You,
        ["mailbox-full"] = Actor.Recipient,
        ["smtputf8-not-offered"] = Actor.Provider,

        // What.
        ["content-refused"] = Actor.You,
        ["spam-suspected"] = Actor.You,
        ["attachment-refused"] = Actor.You,
        ["message-malformed"] = Actor.You,
        ["too-large"] = Actor.You,
        ["mail-loop"] = Actor.Recipient,

        // A program on this host.
        ["program-missing"] = Actor.You,
        ["program-is-folder"] = Actor.You,
        ["program-not-executable"] = Actor.You,
        ["program-not-permitted"] = Actor.You,
        ["program-no-interpreter"] = Actor.You,
        ["program-not-a-program"] = Actor.You,
        ["program-not-started"] = Actor.You,
        ["program-not-supported"] = Actor.You,
        ["program-killed"] = Actor.You,
        ["program-timeout"] = Actor.You,
        ["program-exit-lost"] = Actor.You,
        ["program-read-nothing"] = Actor.You,
        ["program-broke-off"] = Actor.You,
        ["program-set-wrong"] = Actor.You,
        ["program-refused"] = Actor.You,
        ["program-busy"] = Actor.You,
        ["program-failed"] = Actor.You,
        ["php-mail-disabled"] = Actor.You,
        ["php-mail-failed"] = Actor.You,
        ["php-broke"] = Actor.You,
        ["php-not-php"] = Actor.You,
        ["address-unsafe"] = Actor.You,

        // What is not known.
        ["uncertain"] = Actor.You,
        ["unknown"] = Actor.Provider,
    }.ToFrozenDictionary(StringComparer.Ordinal);
}

/// <summary>Who can do something about it.</summary>
internal enum Actor
{
    /// <summary>The administrator here.</summary>
    You,

    /// <summary>Who runs the relay.</summary>
    Provider,

    /// <summary>The recipient, or who runs the recipient's mailbox.</summary>
    Recipient,

    /// <summary>Who runs what lies between: firewall, cloud, internet provider.</summary>
    Network,
}

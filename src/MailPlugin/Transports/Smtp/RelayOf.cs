using System.Net;
using System.Security.Cryptography.X509Certificates;
using MailPlugin.Security.Outbound;
using MailPlugin.Settings;
using MailPlugin.Smtp;

namespace MailPlugin.Transports.Smtp;

/// <summary>Settings put into what the protocol library understands.</summary>
internal static class RelayOf
{
    public static SmtpRelay Settings(SmtpSettings smtp, OutboundPolicy policy, TimeSpan? silence = null) => new()
    {
        Host = smtp.Host,
        Port = smtp.Port,
        Security = Security(smtp),
        MinimumTls = smtp.MinimumTls == "1.3" ? SmtpMinimumTls.Tls13 : SmtpMinimumTls.Tls12,
        CertificateTrust = Trust(smtp.Certificate),
        ClientCertificate = ClientCertificate(smtp.Certificate),
        Credentials = Credentials(smtp),
        Auth = Auth(smtp.Auth),
        AllowPlaintextAuth = smtp.AllowPlaintextAuth,
        EhloName = smtp.EhloName,
        LocalAddress = smtp.LocalAddress is null ? null : IPAddress.Parse(smtp.LocalAddress),
        Proxy = Proxy(smtp.Proxy),
        MaxRecipients = smtp.MaxRecipients,
        Timeouts = new()
        {
            Connect = smtp.Timeout,
            Tls = smtp.Timeout,
            Greeting = smtp.Timeout,
            Silence = silence,
            Command = smtp.Timeout,
            FinalReply = smtp.FinalReplyTimeout,
        },
        AllowAddress = MayBeCalled(smtp, policy) ? policy.Allows : static _ => false,
        ResolveForProxy = !policy.AllowsPrivate,
    };

    /// <summary>
    /// What the address that is connected to does not say: the ports. The policy is asked here, where every connection to a relay is made of its settings,
    /// so that no way out is left that does not ask.
    /// </summary>
    static bool MayBeCalled(SmtpSettings smtp, OutboundPolicy policy) => policy.AllowsPort(smtp.Port) && (smtp.Proxy is null || policy.AllowsPort(smtp.Proxy.Port));

    static SmtpSecurity Security(SmtpSettings smtp) => RelaySecurity.Effective(smtp) switch
    {
        SmtpSecurityChoice.None => SmtpSecurity.None,
        SmtpSecurityChoice.StartTlsIfOffered => SmtpSecurity.StartTlsIfOffered,
        SmtpSecurityChoice.ImplicitTls => SmtpSecurity.ImplicitTls,
        _ => SmtpSecurity.StartTls,
    };

    static SmtpCertificateTrust Trust(CertificateSettings certificate) => certificate.Trust switch
    {
        CertificateTrustChoice.Pinned => new SmtpCertificateTrust.Pinned(certificate.Sha256!),
        CertificateTrustChoice.CustomCa => new SmtpCertificateTrust.CustomCa(certificate.CaPem!),
        _ => SmtpCertificateTrust.System,
    };

    static X509Certificate2? ClientCertificate(CertificateSettings certificate) =>
        certificate is { ClientCertificate: { } pem, ClientKey: { } key } ? X509Certificate2.CreateFromPem(pem, key.Reveal()) : null;

    static SmtpCredentials? Credentials(SmtpSettings smtp) =>
        smtp is { OAuth: null, Username: { } user } ? SmtpCredentials.WithPassword(user, new(smtp.Password?.Reveal() ?? "")) : null;

    static SmtpAuth Auth(SmtpAuthChoice auth) => auth switch
    {
        SmtpAuthChoice.None => SmtpAuth.None,
        SmtpAuthChoice.Plain => SmtpAuth.Plain,
        SmtpAuthChoice.Login => SmtpAuth.Login,
        SmtpAuthChoice.CramMd5 => SmtpAuth.CramMd5,
        SmtpAuthChoice.ScramSha1 => SmtpAuth.ScramSha1,
        SmtpAuthChoice.ScramSha256 => SmtpAuth.ScramSha256,
        SmtpAuthChoice.Ntlm => SmtpAuth.Ntlm,
        SmtpAuthChoice.Xoauth2 => SmtpAuth.XOAuth2,
        SmtpAuthChoice.OauthBearer => SmtpAuth.OAuthBearer,
        _ => SmtpAuth.Auto,
    };

    static SmtpProxy? Proxy(ProxySettings? proxy) => proxy is null ? null : new(
        proxy.Type == ProxyKind.Socks5 ? SmtpProxyKind.Socks5 : SmtpProxyKind.Http,
        proxy.Host,
        proxy.Port,
        proxy.Username,
        proxy.Password is { } password ? new SmtpSecret(password.Reveal()) : null);
}

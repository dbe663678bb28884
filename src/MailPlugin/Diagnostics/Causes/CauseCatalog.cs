using MailPlugin.Http;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>The closed list of causes. Texts with a place for a detail are filled by <see cref="CauseFinder"/>.</summary>
internal static class CauseCatalog
{
    public static Cause None() => Of("none",
        new("Nothing is wrong: the relay takes mail from here.", "一切正常：邮件服务器接受来自本机的邮件。"),
        [new("Send a test mail to see that it arrives.", "请发送一封测试邮件，确认能够送达。")]);

    public static Cause NameNotResolved(string host) => Of("name-not-resolved",
        new($"The name {host} has no address.", $"域名 {host} 无法解析。"),
        [new("Check the server's name for a typing mistake.", "请检查服务器地址是否拼写有误。"),
        new("On this host, check that DNS works.", "请在本机检查 DNS 是否可用。")]);

    public static Cause ConnectionRefused(string host, int port) => Of("connection-refused",
        new($"Nothing listens on {host}, port {port}.", $"{host} 的 {port} 端口没有服务在监听。"),
        [new("Check the port: 465 for implicit TLS, 587 for STARTTLS, 25 for a local relay.", "请检查端口：465 为隐式 TLS，587 为 STARTTLS，本地中继用 25。"),
        new("Check that the mail server runs, and that a firewall does not reject the connection.", "请确认邮件服务正在运行，且防火墙没有拒绝连接。")]);

    public static Cause Unreachable(string host) => Of("unreachable",
        new($"There is no way to {host} from here.", $"从本机无法到达 {host}。"),
        [new("Check this host's network and its routes.", "请检查本机网络和路由。"),
        new("A success from your own computer proves nothing: the connection is made from this host.", "在您自己的电脑上能连通并不说明问题：连接是从本主机发起的。")]);

    public static Cause ConnectTimeout(string host, int port) => Of("connect-timeout",
        new($"{host} does not answer on port {port}.", $"{host} 的 {port} 端口没有响应。"),
        [new("A firewall or the cloud provider's security group probably drops the connection: many block port 25. Try 465, 587 or 2525.", "很可能被防火墙或云厂商安全组丢弃：25 端口常被封禁，可尝试 465、587 或 2525。"),
        new("Check name and port.", "请检查地址和端口。")]);

    public static Cause GreetingTimeout(string host, int port) => Of("greeting-timeout",
        new($"{host} takes the connection on port {port}, but says nothing.", $"{host} 的 {port} 端口接受了连接，但没有任何响应。"),
        [new("The port may speak TLS from the start: try implicit TLS.", "该端口可能一开始就使用 TLS：请尝试隐式 TLS。"),
        new("Another program than a mail server may listen there, or the server is overloaded.", "监听的可能不是邮件服务器，或服务器负载过高。")]);

    public static Cause ReplyTimeout(string stage) => Of("reply-timeout",
        new($"The server did not answer in time (step {stage}).", $"服务器未在规定时间内响应（步骤 {stage}）。"),
        [new("Try again; if it stays so, ask the server's operator.", "请重试；若持续如此，请联系服务器管理员。"),
        new("A server that scans mail may need more time: raise the timeout.", "服务器若扫描邮件可能需要更长时间：请调大超时。")]);

    public static Cause ConnectionLost(string stage) => Of("connection-lost",
        new($"The server ended the connection (step {stage}).", $"服务器断开了连接（步骤 {stage}）。"),
        [new("Try again; if it stays so, the server or something in between does not want this connection: ask its operator.", "请重试；若持续如此，说明服务器或中间设备拒绝此连接，请联系管理员。")]);

    public static Cause DestinationNotAllowed() => Of("destination-not-allowed",
        new("This host's policy forbids connections to that address or port.", "本主机的策略禁止连接该地址或端口。"),
        [new("Link-local, metadata and multicast addresses are never allowed; private ones can be, by Outbound:AllowPrivate. Outbound:Ports may name the ports.", "链路本地、元数据和组播地址始终禁止；私有地址由 Outbound:AllowPrivate 决定；Outbound:Ports 可限定端口。")]);

    public static Cause ProxyFailed(string detail) => Of("proxy-failed",
        new($"The proxy did not make the connection: {detail}", $"代理未能建立连接：{detail}"),
        [new("Check the proxy's address and credentials, and that it may reach the relay.", "请检查代理地址和凭据，以及它能否访问邮件服务器。")]);

    public static Cause TlsExpected(int port) => Of("tls-expected",
        new($"Port {port} speaks TLS from the first byte, but the settings say otherwise.", $"{port} 端口从一开始就使用 TLS，但设置不是这样。"),
        [new("Set encryption to implicit TLS.", "请将加密方式设为隐式 TLS。")]);

    public static Cause PlainTextExpected(int port) => Of("plain-text-expected",
        new($"Port {port} does not speak TLS from the first byte.", $"{port} 端口不是从一开始就使用 TLS。"),
        [new("Set encryption to STARTTLS, or use the port for implicit TLS (465).", "请将加密方式设为 STARTTLS，或改用隐式 TLS 的端口（465）。")]);

    public static Cause StartTlsNotOffered() => Of("starttls-not-offered",
        new("The server does not offer STARTTLS, but the settings require it.", "服务器不提供 STARTTLS，但设置要求使用。"),
        [new("Try implicit TLS on port 465.", "请尝试 465 端口的隐式 TLS。"),
        new("If the provider does offer it, something in between strips it: a firewall or antivirus.", "如果服务商确实支持，可能被中间的防火墙或杀毒软件剥离。"),
        new("For a relay on this host or a trusted network, TLS if offered may do.", "若为本机或可信网络内的中继，可选择“有则使用 TLS”。")]);

    public static Cause TlsHandshake(string detail) => Of("tls-handshake",
        new($"The TLS handshake failed: {detail}", $"TLS 握手失败：{detail}"),
        [new("The server may speak only TLS versions that are too old, or none on this port.", "服务器可能只支持过旧的 TLS 版本，或该端口不支持 TLS。"),
        new("Check encryption and port.", "请检查加密方式和端口。")]);

    public static Cause CertificateName(string host, string names) => Of("certificate-name",
        new($"The certificate is made for {names}, not for {host}.", $"证书签发给 {names}，而不是 {host}。"),
        [new("Use the name that the certificate has, if that is your server.", "如果那就是您的服务器，请使用证书上的名称。"),
        new("If you know this certificate, pin it.", "如果您认识此证书，可以将其固定。")]);

    public static Cause CertificateExpired(string date) => Of("certificate-expired",
        new($"The server's certificate expired on {date}.", $"服务器证书已于 {date} 过期。"),
        [new("The server's operator has to renew it.", "需由服务器管理员续期。"),
        new("Check this host's clock.", "请检查本机时钟。")]);

    public static Cause CertificateNotYetValid(string date) => Of("certificate-not-yet-valid",
        new($"The server's certificate is valid only from {date}.", $"服务器证书从 {date} 起才有效。"),
        [new("Check this host's clock.", "请检查本机时钟。")]);

    public static Cause CertificateSelfSigned(string subject) => Of("certificate-self-signed",
        new($"The server's certificate is signed by itself ({subject}): nobody vouches for it.", $"服务器证书为自签名（{subject}），无人为其担保。"),
        [new("If this is your own server, pin its certificate after comparing the fingerprint.", "如果是您自己的服务器，请核对指纹后固定该证书。")]);

    public static Cause CertificateUnknownIssuer(string issuer) => Of("certificate-unknown-issuer",
        new($"This host does not know who signed the server's certificate ({issuer}).", $"本机不信任该证书的签发者（{issuer}）。"),
        [new("For a CA of your own, choose custom CA and paste its certificate.", "若为自有 CA，请选择“自定义 CA”并粘贴其证书。"),
        new("Otherwise check that this host has CA certificates: package ca-certificates.", "否则请检查本机是否安装了 CA 证书（ca-certificates 包）。")]);

    public static Cause CertificateRevoked() => Of("certificate-revoked",
        new("The server's certificate was revoked.", "服务器证书已被吊销。"),
        [new("The server's operator has to replace it.", "需由服务器管理员更换。")]);

    public static Cause PinMismatch(string sha256) => Of("certificate-pin-mismatch",
        new($"The server shows another certificate than the pinned one (SHA-256 {sha256}).", $"服务器证书与固定的不一致（SHA-256 {sha256}）。"),
        [new("If the server's certificate was renewed, compare the fingerprint and pin the new one.", "如果证书已更新，请核对指纹后固定新证书。")]);

    public static Cause CertificateOther() => Of("certificate-rejected",
        new("The server's certificate did not pass the check.", "服务器证书未通过检查。"),
        [new("The transcript names the failing check.", "会话记录中有未通过的检查项。")]);

    public static Cause LoginRefused() => Of("login-refused",
        new("The relay refused user name or password.", "邮件服务器拒绝了用户名或密码。"),
        [new("Type the password again. Many providers want an app password or authorisation code instead of the mailbox password.", "请重新输入密码。许多服务商要求使用授权码或应用专用密码，而不是邮箱密码。"),
        new("Check the user name: most providers want the full address.", "请检查用户名：多数服务商要求完整邮箱地址。"),
        new("SMTP access may have to be switched on in the mailbox's settings.", "可能需要先在邮箱设置中开启 SMTP 服务。")]);

    public static Cause TokenSignInNeeded(string account) => Of("oauth-sign-in-needed",
        new($"{account} has to sign in at the provider.", $"{account} 需要在服务商处重新登录。"),
        [new("Sign in on the transport's card, as the mailbox that sends.", "请在该发送方式的卡片上，以发信邮箱的身份登录。"),
        new("Consent ends when the password changes, an administrator revokes it, or nobody used it for long.", "修改密码、管理员撤销授权或长期未使用都会使授权失效。")]);

    public static Cause TokenRefused(string detail) => Of("oauth-client-refused",
        new($"The provider gives this application no token. {detail}", $"服务商拒绝向此应用发放令牌。{detail}"),
        [new("Check client id, secret or key, and the addresses of the provider.", "请检查客户端 ID、密钥以及服务商地址。"),
        new("Check that the application is granted the scopes, and that an administrator consented.", "请确认应用已获得所需权限范围，且管理员已同意授权。")]);

    public static Cause TokenUnavailable(string detail) => Of("oauth-unavailable",
        new($"The provider's token server gives no answer that can be used. {detail}", $"服务商的令牌服务器未给出可用的回应。{detail}"),
        [new("Try again in some minutes; check that this host reaches the token address over https.", "请几分钟后重试，并确认本机可通过 https 访问令牌地址。")]);

    public static Cause AuthNotOffered() => Of("auth-not-offered",
        new("The server does not offer a login by the chosen method.", "服务器不提供所选的登录方式。"),
        [new("Set authentication to automatic.", "请将认证方式设为自动。"),
        new("Servers often offer a login only after TLS, or only on port 587 or 465.", "服务器往往只在 TLS 之后，或仅在 587、465 端口提供登录。"),
        new("If the relay knows this host by its address, leave the user name empty.", "如果服务器按 IP 地址授权，请将用户名留空。")]);

    public static Cause PlaintextAuthNotAllowed() => Of("plaintext-auth-not-allowed",
        new("The password was not sent: the connection is not surely protected.", "未发送密码：连接没有可靠的加密保护。"),
        [new("Require TLS: set encryption to STARTTLS or implicit TLS.", "请强制使用 TLS：设为 STARTTLS 或隐式 TLS。"),
        new("Only on a network you trust: allow the password in plain text.", "仅在可信网络中：允许明文发送密码。")]);

    public static Cause NotSmtp() => Of("not-smtp",
        new("What answers there does not speak SMTP.", "该端口的服务不是 SMTP。"),
        [new("Check host and port: it may be a web or POP3 port.", "请检查地址和端口：可能是网页或 POP3 端口。")]);

    public static Cause GreetingRefused() => Of("greeting-refused",
        new("The server refuses to talk to this host.", "服务器拒绝与本机通信。"),
        [new("Its words say why: often the reputation of this host's address (a blocklist).", "原因见服务器原文：常因本机 IP 信誉（黑名单）。"),
        new("Ask the server's operator, or submit through a provider with a login.", "请联系服务器管理员，或改用需登录的服务商。")]);

    public static Cause SenderRefused() => Of("sender-refused",
        new("The server refuses the sender's address.", "服务器拒绝了发件人地址。"),
        [new("Most providers want From to be the address you log in with, or one that you verified there.", "多数服务商要求发件人与登录账号一致，或已在其平台验证。")]);

    public static Cause RelayDenied() => Of("relay-denied",
        new("The server does not forward mail for this host.", "服务器不为本机转发邮件。"),
        [new("Set user name and password, or let the server's operator allow this host's address.", "请设置用户名和密码，或请管理员放行本机 IP。")]);

    public static Cause RecipientRefused() => Of("recipient-refused",
        new("The server refuses the recipient's address.", "服务器拒绝了收件人地址。"),
        [new("Check the recipient's address.", "请检查收件人地址。"),
        new("The settings themselves work as far as this step.", "到这一步为止，设置本身是正常的。")]);

    public static Cause TemporarilyRefused() => Of("temporarily-refused",
        new("The server refuses for now.", "服务器暂时拒绝。"),
        [new("Try again in some minutes: it may greylist, or limit the rate.", "请几分钟后重试：可能是灰名单或限速。")]);

    public static Cause ContentRefused() => Of("content-refused",
        new("The server refuses the message's content.", "服务器拒绝了邮件内容。"),
        [new("Its words say why: spam filter, policy (SPF, DKIM, DMARC) or size.", "原因见服务器原文：垃圾过滤、策略（SPF、DKIM、DMARC）或大小。")]);

    public static Cause TooLarge() => Of("too-large",
        new("The message is larger than the server takes.", "邮件超过了服务器允许的大小。"),
        [new("Send less, or ask the server's operator to raise the limit.", "请减小邮件，或联系管理员提高上限。")]);

    public static Cause SmtpUtf8NotOffered() => Of("smtputf8-not-offered",
        new("An address is not ASCII, and the server does not take such addresses (SMTPUTF8).", "地址含非 ASCII 字符，而服务器不支持（SMTPUTF8）。"),
        [new("Use an address of ASCII letters, or another transport.", "请使用 ASCII 地址或其他发送方式。")]);

    public static Cause Uncertain() => Of("uncertain",
        new("The content was sent, but the server's answer did not come: the message may have arrived.", "内容已发送，但未收到服务器回复：邮件可能已送达。"),
        [new("Look into the recipient's mailbox before you send again.", "重发前请先查看收件箱。")]);

    public static Cause Canceled() => Of("canceled",
        new("The send was ended before it was done.", "发送在完成前被终止。"),
        [new("Try again.", "请重试。")]);

    public static Cause Unknown() => Of("unknown",
        new("The server refused, and the reason is not known here.", "服务器拒绝了请求，原因未知。"),
        [new("The server's own words are below.", "服务器原文见下。")]);

    static Cause Of(string id, LocalizedText text, IReadOnlyList<LocalizedText> advice) => new(id, text, advice);
}

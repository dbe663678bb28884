using MailPlugin.Http;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>TLS and certificates.</summary>
internal static partial class CauseCatalog
{
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

    public static Cause StartTlsStripped() => Of("starttls-stripped",
        new("Something between here and the server overwrites its offer of STARTTLS.", "本机与服务器之间有设备抹去了 STARTTLS。"),
        [new("Have the firewall's or antivirus program's inspection of SMTP switched off for this relay.", "请对该服务器关闭防火墙或杀毒软件的 SMTP 检查。"),
        new("Implicit TLS on port 465 cannot be meddled with in this way.", "465 端口的隐式 TLS 不受此影响。")]);

    public static Cause StartTlsRefused() => Of("starttls-refused",
        new("The server offers STARTTLS, but refuses it.", "服务器声称支持 STARTTLS，却拒绝使用。"),
        [new("Its own TLS is broken, often by a missing certificate: its operator has to mend it.", "服务器自身 TLS 有问题，常因缺少证书：需由其管理员修复。"),
        new("Try implicit TLS on port 465.", "请尝试 465 端口的隐式 TLS。")]);

    public static Cause TlsNeeded() => Of("tls-needed",
        new("The server takes mail only over TLS, and the session had none.", "服务器只接受 TLS 连接，而当前会话未加密。"),
        [new("Set encryption to STARTTLS.", "请将加密方式设为 STARTTLS。")]);

    public static Cause TlsHandshake(string detail) => Of("tls-handshake",
        new($"The TLS handshake failed: {detail}", $"TLS 握手失败：{detail}"),
        [new("Server and host may have no cipher in common, or the server may be misconfigured.", "服务器与本机可能没有共同的加密套件，或服务器配置有误。"),
        new("Check encryption and port.", "请检查加密方式和端口。")]) with
    { Confidence = Confidence.Medium };

    public static Cause TlsTooOld(string minimum) => Of("tls-too-old",
        new($"The server speaks no TLS version from {minimum} on.", $"服务器不支持 TLS {minimum} 或更高版本。"),
        [new("The server's operator has to switch on TLS 1.2 or 1.3: older versions are broken.", "需由服务器管理员启用 TLS 1.2 或 1.3：更旧的版本已不安全。"),
        new("Another port or server of the same provider may be newer.", "同一服务商的其他端口或服务器可能较新。")]);

    public static Cause ClientCertificateNeeded() => Of("client-certificate-needed",
        new("The server wants to see a certificate of this host, and none is set.", "服务器要求本机出示客户端证书，但未配置。"),
        [new("Set the client certificate and its key that the server's operator gave you.", "请配置服务器管理员提供的客户端证书和私钥。"),
        new("Another port of the same server may take a password instead.", "同一服务器的其他端口可能支持密码登录。")]);

    public static Cause ClockWrong(string now) => Of("clock-wrong",
        new($"This host's clock is wrong ({now}): certificates seem not to be valid yet.", $"本机时钟不正确（{now}）：证书看似尚未生效。"),
        [new("Set the clock, best by NTP.", "请校准时钟，最好使用 NTP。")]);

    public static Cause CaCertificatesMissing(string issuer) => Of("ca-certificates-missing",
        new($"This host trusts no certification authority at all, so it cannot check the certificate by {issuer}.", $"本机没有任何受信任的证书颁发机构，无法验证 {issuer} 签发的证书。"),
        [new("Install the package ca-certificates; in a container, into its image.", "请安装 ca-certificates 软件包；容器中应装入镜像。"),
        new("SSL_CERT_FILE and SSL_CERT_DIR, where they are set, have to name existing files.", "若设置了 SSL_CERT_FILE、SSL_CERT_DIR，须指向存在的文件。")]);

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
        [new("Check this host's clock.", "请检查本机时钟。"), AskItsOperator]);

    public static Cause CertificateSelfSigned(string subject) => Of("certificate-self-signed",
        new($"The server's certificate is signed by itself ({subject}): nobody vouches for it.", $"服务器证书为自签名（{subject}），无人为其担保。"),
        [PinAfterComparing]);

    public static Cause CertificateUnknownIssuer(string issuer, bool sentAlone) => Of("certificate-unknown-issuer",
        new($"This host does not know who signed the server's certificate ({issuer}).", $"本机不信任该证书的签发者（{issuer}）。"),
        [new("For a CA of your own, choose custom CA and paste its certificate.", "若为自有 CA，请选择“自定义 CA”并粘贴其证书。"),
        .. sentAlone ? [new LocalizedText("The server sent its certificate alone: if a public authority signed it, its operator forgot the intermediate certificate.", "服务器只发送了自身证书：若由公共机构签发，说明管理员漏配了中间证书。")] : Array.Empty<LocalizedText>(),
        PinAfterComparing]);

    public static Cause CertificateRevoked() => Of("certificate-revoked",
        new("The server's certificate was revoked.", "服务器证书已被吊销。"),
        [new("The server's operator has to replace it.", "需由服务器管理员更换。")]);

    public static Cause PinMismatch(string sha256) => Of("certificate-pin-mismatch",
        new($"The server shows another certificate than the pinned one (SHA-256 {sha256}).", $"服务器证书与固定的不一致（SHA-256 {sha256}）。"),
        [new("If the server's certificate was renewed, compare the fingerprint and pin the new one.", "如果证书已更新，请核对指纹后固定新证书。")]);

    public static Cause CertificateOther() => Of("certificate-rejected",
        new("The server's certificate did not pass the check.", "服务器证书未通过检查。"),
        [new("The transcript names the failing check.", "会话记录中有未通过的检查项。")]);
}

using MailPlugin.Http;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>Before a server says a word of SMTP.</summary>
internal static partial class CauseCatalog
{
    static readonly LocalizedText MadeFromHere = new(
        "A success from your own computer proves nothing: the connection is made from this host.", "在您自己的电脑上能连通并不说明问题：连接是从本主机发起的。");

    public static Cause NameNotResolved(string host) => Of("name-not-resolved",
        new($"The name {host} has no address.", $"域名 {host} 无法解析。"),
        [new("Check the server's name for a typing mistake.", "请检查服务器地址是否拼写有误。"),
        new("A name that only your own network knows needs this host to ask your own DNS server.", "若该域名仅内网可知，请确认本机使用内网 DNS。")]);

    public static Cause ResolverUnavailable(string host) => Of("resolver-unavailable",
        new($"This host's name resolution gave no answer for {host}.", $"本机的域名解析服务没有对 {host} 作出应答。"),
        [new("Check this host's DNS settings and that its DNS servers can be reached.", "请检查本机 DNS 设置，以及 DNS 服务器是否可达。"), TryAgain]);

    public static Cause ConnectionRefused(string host, int port) => Of("connection-refused",
        new($"Nothing listens on {host}, port {port}.", $"{host} 的 {port} 端口没有服务在监听。"),
        [new("Check the port: 465 for implicit TLS, 587 for STARTTLS, 25 for a local relay.", "请检查端口：465 为隐式 TLS，587 为 STARTTLS，本地中继用 25。"),
        new("Check that the mail server runs, and that a firewall does not reject the connection.", "请确认邮件服务正在运行，且防火墙没有拒绝连接。")]);

    public static Cause Unreachable(string host) => Of("unreachable",
        new($"There is no way to {host} from here.", $"从本机无法到达 {host}。"),
        [new("Check this host's network and its routes.", "请检查本机网络和路由。"), MadeFromHere]);

    public static Cause LocalAddressWrong(string address) => Of("local-address-wrong",
        new($"Connections are to come from {address}, and that is no address of this host.", $"设置要求从 {address} 发起连接，但该地址不属于本机。"),
        [new("Leave the local address empty, or set one that this host has.", "请将本地地址留空，或填写本机拥有的地址。")]);

    public static Cause ConnectTimeout(string host, int port) => Of("connect-timeout",
        new($"{host} does not answer on port {port}.", $"{host} 的 {port} 端口没有响应。"),
        [new("A firewall or the cloud provider's security group probably drops the connection: many block port 25. Try 465, 587 or 2525.", "很可能被防火墙或云厂商安全组丢弃：25 端口常被封禁，可尝试 465、587 或 2525。"),
        new("Check name and port.", "请检查地址和端口。"), MadeFromHere]);

    public static Cause Ipv6Unreachable(string host) => Of("ipv6-unreachable",
        new($"Mail can leave, but {host} does not answer over IPv6: each connection loses time before IPv4 is taken.", $"可以发信，但 {host} 的 IPv6 地址没有响应：每次连接都要先耗时才改用 IPv4。"),
        [new("Have IPv6 mended on this host or in its network.", "请修复本机或所在网络的 IPv6。"),
        new("Until then, let connections leave by IPv4 alone.", "在此之前，可仅使用 IPv4 连接。")]);

    public static Cause GreetingTimeout(string host, int port) => Of("greeting-timeout",
        new($"{host} takes the connection on port {port}, but says nothing.", $"{host} 的 {port} 端口接受了连接，但没有任何响应。"),
        [new("Another program than a mail server may listen there: check the port.", "监听的可能不是邮件服务器：请检查端口。"),
        new("The server may be overloaded, or let strangers wait longer than the timeout.", "服务器可能负载过高，或故意让陌生客户端等待超过超时时间。")]);

    public static Cause ReplyTimeout(string stage) => Of("reply-timeout",
        new($"The server did not answer in time (step {stage}).", $"服务器未在规定时间内响应（步骤 {stage}）。"),
        [new("Try again; if it stays so, ask the server's operator.", "请重试；若持续如此，请联系服务器管理员。"),
        new("A server that scans mail may need more time: raise the timeout.", "服务器若扫描邮件可能需要更长时间：请调大超时。")]);

    public static Cause ConnectionLost(string stage) => Of("connection-lost",
        new($"The server ended the connection (step {stage}).", $"服务器断开了连接（步骤 {stage}）。"),
        [new("Try again; if it stays so, the server or something in between does not want this connection: ask its operator.", "请重试；若持续如此，说明服务器或中间设备拒绝此连接，请联系管理员。")]);

    public static Cause DestinationNotAllowed() => Of("destination-not-allowed",
        new("This host's policy forbids connections to that address.", "本主机的策略禁止连接该地址。"),
        [new("Link-local, metadata and multicast addresses are never allowed; private ones can be, by Outbound:AllowPrivate; ports by Outbound:Ports.", "链路本地、元数据和组播地址始终禁止；私有地址由 Outbound:AllowPrivate 决定，端口由 Outbound:Ports 决定。")]);

    public static Cause ProxyUnreachable(string proxy) => Of("proxy-unreachable",
        new($"The proxy {proxy} cannot be reached.", $"无法连接代理 {proxy}。"),
        [new("Check the proxy's name and port, and that it runs.", "请检查代理的地址和端口，以及它是否在运行。"),
        new("If this host may connect by itself, set no proxy.", "如果本机可以直接连接，请不要设置代理。")]);

    public static Cause ProxyLoginRefused(string proxy) => Of("proxy-login-refused",
        new($"The proxy {proxy} refuses the sign-in.", $"代理 {proxy} 拒绝了登录。"),
        [new("Check the proxy's user name and password.", "请检查代理的用户名和密码。")]);

    public static Cause ProxyRefused(string proxy, string relay) => Of("proxy-refused",
        new($"The proxy {proxy} does not allow connections to {relay}.", $"代理 {proxy} 不允许连接 {relay}。"),
        [new("Have the proxy's rules allow the relay and its port: many allow 443 alone.", "请在代理规则中放行该邮件服务器及端口：许多代理只放行 443。")]);

    public static Cause ProxyRelayUnreachable(string proxy, string relay) => Of("proxy-relay-unreachable",
        new($"The proxy {proxy} could not reach {relay}.", $"代理 {proxy} 无法到达 {relay}。"),
        [new("Check the relay's name and port: the proxy resolves and connects, not this host.", "请检查邮件服务器的地址和端口：解析和连接由代理完成，而非本机。"),
        new("Ask the proxy's operator whether it may reach the relay.", "请联系代理管理员确认它能否访问该服务器。")]);

    public static Cause ProxyFailed(string detail) => Of("proxy-failed",
        new($"The proxy did not make the connection: {detail}", $"代理未能建立连接：{detail}"),
        [new("Check the proxy's kind (SOCKS 5 or HTTP), address and port.", "请检查代理类型（SOCKS 5 或 HTTP）、地址和端口。")]);

    public static Cause NotSmtp(string speech) => Of("not-smtp",
        new($"What answers there is no mail server ({speech}).", $"该处的服务不是邮件服务器（{speech}）。"),
        [new("Check host and port: 465 and 587 are for sending, 110, 143, 993 and 995 for reading mail, 80 and 443 for the web.", "请检查地址和端口：465、587 用于发信，110、143、993、995 用于收信，80、443 为网页。")]);

    public static Cause ProtocolViolation(string detail) => Of("protocol-violation",
        new($"The server, or something in between, breaks the rules of SMTP: {detail}", $"服务器或中间设备违反 SMTP 协议：{detail}"),
        [new("A firewall that meddles with SMTP may be in between: have its inspection switched off for this relay.", "可能有防火墙干预 SMTP：请对该服务器关闭其检查功能。"), AskItsOperator]);

    public static Cause GreetingRefused() => Of("greeting-refused",
        new("The server refuses to talk to this host.", "服务器拒绝与本机通信。"),
        [ItsWordsSayWhy, new("Ask the server's operator, or submit through a provider with a login.", "请联系服务器管理员，或改用需登录的服务商。")]);

    public static Cause Blocklisted() => Of("blocklisted",
        new("The server refuses this host because of its address's reputation.", "服务器因本机 IP 的信誉而拒绝。"),
        [new("Its words name the list: look this host's address up there and ask for removal.", "服务器原文指明了黑名单：请查询本机 IP 并申请移除。"),
        new("Or submit through a provider with a login.", "或改用需登录的服务商。")]);

    public static Cause HeloRefused(string name) => Of("helo-refused",
        new($"The server does not accept the name that this host greets with ({name}).", $"服务器不接受本机问候时使用的名称（{name}）。"),
        [new("Set the EHLO name to this host's full name, one that DNS knows.", "请将 EHLO 名称设为本机在 DNS 中可查的完整域名。")]);
}

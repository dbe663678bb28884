using MailPlugin.Http;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>Signing in.</summary>
internal static partial class CauseCatalog
{
    static readonly LocalizedText KnownByAddress = new("If the relay knows this host by its address, leave the user name empty.", "如果服务器按 IP 地址授权，请将用户名留空。");

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

    public static Cause TokenNotTaken(string account) => Of("oauth-token-refused",
        new($"The relay did not take the token of {account}: it is for another service or another mailbox, or has not the scope for SMTP.", $"邮件服务器未接受 {account} 的令牌：令牌面向其他服务或其他邮箱，或缺少 SMTP 授权范围。"),
        [new("Compare the scopes with what the relay's provider asks for SMTP; a token for its other interfaces (Graph, Gmail API) is not taken.", "请核对授权范围是否为该服务商 SMTP 所要求的；面向其他接口（Graph、Gmail API）的令牌不被接受。"),
        new($"Sign in again as {account} itself, not as another account.", $"请以 {account} 本身（而非其他账号）重新登录。"),
        new("Let the mailbox's administrator check that SMTP sign-in is on for it.", "请邮箱管理员确认已为其开启 SMTP 登录。")]);

    public static Cause LoginRefused() => Of("login-refused",
        new("The relay refused user name or password.", "邮件服务器拒绝了用户名或密码。"),
        [new("Type the password again. Many providers want an app password or authorisation code instead of the mailbox password.", "请重新输入密码。许多服务商要求使用授权码或应用专用密码，而不是邮箱密码。"),
        new("Check the user name: most providers want the full address.", "请检查用户名：多数服务商要求完整邮箱地址。"),
        new("SMTP access may have to be switched on in the mailbox's settings.", "可能需要先在邮箱设置中开启 SMTP 服务。")]);

    public static Cause LoginUnavailable() => Of("login-unavailable",
        new("The server could not check the login just now.", "服务器暂时无法验证登录。"),
        [TryAgain, new("It says nothing about the password; if it stays so, ask the server's operator.", "这与密码是否正确无关；若持续如此，请联系服务器管理员。")]);

    public static Cause LoginNeeded() => Of("login-needed",
        new("The server wants a login before it takes mail, and none was made.", "服务器要求先登录才能发信，而当前未登录。"),
        [new("Set user name and password.", "请设置用户名和密码。"),
        new("Or let the server's operator allow this host's address.", "或请服务器管理员放行本机 IP。")]);

    public static Cause PasswordMissing() => Of("password-missing",
        new("A user name is set, but no password, and the relay refused the login.", "设置了用户名但没有密码，登录被拒绝。"),
        [new("Type the password.", "请输入密码。"), KnownByAddress]);

    public static Cause AuthNotOffered() => Of("auth-not-offered",
        new("The server offers no login here.", "该服务器在此不提供登录。"),
        [KnownByAddress, new("Servers often offer a login only on port 587 or 465.", "服务器往往只在 587 或 465 端口提供登录。")]);

    public static Cause AuthMethodNotOffered(string offered) => Of("auth-method-not-offered",
        new($"The server does not offer a login by the chosen method, only {offered}.", $"服务器不提供所选的登录方式，仅提供 {offered}。"),
        [new("Set authentication to automatic, or to one that is offered.", "请将认证方式设为自动，或选择服务器提供的方式。")]);

    public static Cause AuthNeedsTls() => Of("auth-needs-tls",
        new("The server offers a login only after TLS, and the session had none.", "服务器只在 TLS 之后提供登录，而当前会话未加密。"),
        [new("Set encryption to STARTTLS.", "请将加密方式设为 STARTTLS。")]);

    public static Cause OAuthNeeded(string offered) => Of("oauth-needed",
        new($"The server takes no passwords, only OAuth 2.0 ({offered}).", $"服务器不接受密码，只支持 OAuth 2.0（{offered}）。"),
        [new("Set up OAuth 2.0 for this transport.", "请为此发送方式配置 OAuth 2.0。")]);

    public static Cause PlaintextAuthNotAllowed() => Of("plaintext-auth-not-allowed",
        new("The password was not sent: the connection is not surely protected.", "未发送密码：连接没有可靠的加密保护。"),
        [new("Require TLS: set encryption to STARTTLS or implicit TLS.", "请强制使用 TLS：设为 STARTTLS 或隐式 TLS。"),
        new("Only on a network you trust: allow the password in plain text.", "仅在可信网络中：允许明文发送密码。")]);
}

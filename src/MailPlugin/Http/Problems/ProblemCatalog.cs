using System.Collections.Frozen;

namespace MailPlugin.Http.Problems;

/// <summary>The closed list of problem types.</summary>
internal static class ProblemCatalog
{
    static readonly ProblemType[] All =
    [
        Type("invalid-json", 400, "The body is not JSON", "请求正文不是有效的 JSON",
            "Mend the syntax at the position that the answer names.", "请按返回的位置修正语法。"),
        Type("invalid-request", 400, "The request breaks a rule", "请求不符合规则",
            "Each field at fault is named in errors.", "errors 中列出了每个有误的字段。"),
        Type("invalid-cursor", 400, "The cursor does not belong to this list", "游标与此列表不匹配",
            "A cursor is bound to the filter it was given for. Start again without one.", "游标只对产生它的筛选条件有效，请不带游标重新开始。"),
        Type("invalid-settings", 400, "The settings break a rule", "设置不符合规则",
            "Each field at fault is named in errors. Nothing was stored.", "errors 中列出了每个有误的字段，未保存任何内容。"),
        Type("invalid-message", 400, "The message breaks a rule", "邮件不符合规则",
            "Each field at fault is named in errors. Nothing was kept.", "errors 中列出了每个有误的字段，未保留任何内容。"),
        Type("invalid-template", 400, "The template has a fault", "模板有误",
            "The answer names line and column. The last good version stays in use.", "返回中给出了行号和列号，仍使用上一个正确版本。"),
        Type("unauthenticated", 401, "Sign in or send a key", "请登录或提供密钥",
            "Send Authorization: Bearer with an API key, or sign in on the page.", "请在 Authorization: Bearer 中提供 API 密钥，或在页面上登录。"),
        Type("forbidden", 403, "The key may not do this", "该密钥无权执行此操作",
            "The key lacks the scope for this call.", "密钥缺少此调用所需的权限范围。"),
        Type("csrf-invalid", 403, "The antiforgery token is missing or old", "防伪令牌缺失或已过期",
            "Read GET /session and send its csrfToken as X-CSRF-Token.", "请读取 GET /session，并将其 csrfToken 放入 X-CSRF-Token。"),
        Type("destination-not-allowed", 403, "This destination is not allowed", "不允许的目标地址",
            "The outbound policy forbids this address: link-local, metadata and multicast addresses always; others as the host's options say.",
            "出站策略禁止此地址：链路本地、元数据和组播地址始终禁止，其余由宿主选项决定。"),
        Type("not-found", 404, "There is nothing here", "未找到",
            "The path is unknown, or what it names is gone.", "路径不存在，或所指内容已被删除。"),
        Type("locked-setting", 409, "The host's configuration decides this setting", "此设置由宿主配置决定",
            "Change it where it comes from; settings.locked names the origin.", "请在其来源处修改；settings.locked 给出了来源。"),
        Type("mail-disabled", 409, "Outgoing mail is switched off", "外发邮件已关闭",
            "An administrator has switched mail off. Nothing was kept.", "管理员已关闭外发邮件，未保留任何内容。"),
        Type("idempotency-conflict", 409, "The idempotency key was used for another body", "幂等键已用于另一正文",
            "Use a new key for a new message.", "新邮件请使用新的键。"),
        Type("wrong-state", 409, "The state does not allow this", "当前状态不允许此操作",
            "Read it again: it may have changed in between.", "请重新读取，它可能已发生变化。"),
        Type("last-admin-key", 409, "This is the last admin key", "这是最后一个管理员密钥",
            "Make another admin key first.", "请先创建另一个管理员密钥。"),
        Type("host-sign-in", 409, "The host signs people in", "由宿主负责登录",
            "The host's own sign-in replaces keys on the page.", "页面登录由宿主自己的登录取代。"),
        Type("stale-version", 412, "Someone else saved in between", "其他人已先行保存",
            "Read the current version, bring your change into it and save again.", "请读取当前版本，合并您的修改后再保存。"),
        Type("too-large", 413, "The body is too large", "请求正文过大",
            "The answer names the limit in bytes.", "返回中给出了字节数上限。"),
        Type("unsupported-media-type", 415, "The body must be application/json", "正文必须是 application/json",
            "Send Content-Type: application/json, in UTF-8 and not compressed.", "请发送 Content-Type: application/json，使用 UTF-8 且不压缩。"),
        Type("password-needed", 422, "A stored secret does not go to another relay", "已保存的密钥不会发往另一台服务器",
            "Host, port, user, certificate or proxy changed, or security became weaker: type the secret again.",
            "主机、端口、用户、证书或代理有变化，或加密变弱：请重新输入密钥。"),
        Type("no-recipient", 422, "No recipient is known", "没有收件人",
            "Name one in to, or save an administrator's address.", "请在 to 中指定，或先保存管理员地址。"),
        Type("no-transport", 422, "No transport is there to send with", "没有可用的发送方式",
            "Add a transport, or enable one.", "请添加或启用一个发送方式。"),
        Type("relay-refused", 424, "The relay refused", "邮件服务器拒绝了请求",
            "The server's own words are in reply; cause and advice say what they mean.", "reply 为服务器原文；cause 与 advice 说明其含义。"),
        Type("relay-unreachable", 424, "The relay cannot be reached", "无法连接邮件服务器",
            "Name, address, port, firewall: cause and advice narrow it down.", "名称、地址、端口、防火墙：cause 与 advice 可帮助定位。"),
        Type("tls-failed", 424, "The connection could not be secured", "无法建立加密连接",
            "Encryption choice, protocol version or certificate: cause names which.", "加密方式、协议版本或证书：cause 指出是哪一项。"),
        Type("login-failed", 424, "The relay refused the login", "邮件服务器拒绝登录",
            "User name, password or method: advice says what this provider expects.", "用户名、密码或认证方式：advice 说明该服务商的要求。"),
        Type("relay-timeout", 424, "The relay did not answer in time", "邮件服务器未及时响应",
            "The stage says what it was asked last.", "stage 指出最后等待的步骤。"),
        Type("relay-uncertain", 424, "The message may have arrived", "邮件可能已送达",
            "The content was sent, but no reply came.", "内容已发送，但未收到回复。"),
        Type("program-failed", 424, "The mail program failed", "邮件程序失败",
            "Exit code and its own words are in the answer.", "返回中包含退出码和程序输出。"),
        Type("if-match-needed", 428, "If-Match is needed", "需要 If-Match",
            "Send the ETag of the version that you changed.", "请发送您所修改版本的 ETag。"),
        Type("rate-limited", 429, "Too many requests", "请求过于频繁",
            "Wait as long as Retry-After says.", "请按 Retry-After 等待。"),
        Type("internal", 500, "Something went wrong here", "内部错误",
            "The log has the cause.", "原因见日志。"),
        Type("queue-full", 503, "The queue is full", "队列已满",
            "Nothing was kept. Try again after Retry-After.", "未保留任何内容，请按 Retry-After 重试。"),
        Type("disk-low", 503, "The disk is nearly full", "磁盘空间不足",
            "Nothing was kept. Make room, then try again.", "未保留任何内容，请清理磁盘后重试。"),
        Type("queue-unavailable", 503, "The queue cannot be written", "队列无法写入",
            "Nothing was kept. Try again after Retry-After.", "未保留任何内容，请按 Retry-After 重试。"),
    ];

    static readonly FrozenDictionary<string, ProblemType> BySlug = All.ToFrozenDictionary(type => type.Slug, StringComparer.Ordinal);

    public static IReadOnlyList<ProblemType> Types => All;

    public static ProblemType Get(string slug) => BySlug[slug];

    public static ProblemType? Find(string slug) => BySlug.GetValueOrDefault(slug);

    static ProblemType Type(string slug, int status, string title, string titleChinese, string explanation, string explanationChinese) =>
        new(slug, status, new(title, titleChinese), new(explanation, explanationChinese));
}

using MailPlugin.Http;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>What a server refuses when the session stands: sender, recipient, message.</summary>
internal static partial class CauseCatalog
{
    public static Cause SenderRefused() => Of("sender-refused",
        new("The server refuses the sender's address.", "服务器拒绝了发件人地址。"),
        [new("Most providers want From to be the address you log in with, or one that you verified there.", "多数服务商要求发件人与登录账号一致，或已在其平台验证。")]);

    public static Cause SenderNotAllowed() => Of("sender-not-allowed",
        new("This login may not send with that From address.", "该登录账号无权使用此发件人地址。"),
        [new("Set From to the address that you log in with, or have the provider allow the other one.", "请将发件人设为登录账号对应的地址，或让服务商授权另一个地址。")]);

    public static Cause RelayDenied() => Of("relay-denied",
        new("The server does not forward mail for this host.", "服务器不为本机转发邮件。"),
        [new("Set user name and password, or let the server's operator allow this host's address.", "请设置用户名和密码，或请管理员放行本机 IP。")]);

    public static Cause HostNotAllowed() => Of("host-not-allowed",
        new("The server's rules do not let this host in.", "服务器规则不允许本机访问。"),
        [new("Have its operator allow this host's address.", "请管理员放行本机 IP。"), new("If it offers a login, set user name and password.", "若支持登录，请设置用户名和密码。")]);

    public static Cause PolicyRefused() => Of("policy-refused",
        new("The server's policy refuses this mail.", "服务器策略拒绝了此邮件。"),
        [ItsWordsSayWhy, new("If it offers a login and none is set, set user name and password.", "若其支持登录而您未设置，请设置用户名和密码。")]) with
    { Confidence = Confidence.Medium };

    public static Cause RecipientRefused() => Of("recipient-refused",
        new("The server refuses the recipient's address.", "服务器拒绝了收件人地址。"),
        [new("Check the recipient's address.", "请检查收件人地址。"),
        new("The settings themselves work as far as this step.", "到这一步为止，设置本身是正常的。")]);

    public static Cause RecipientUnknown() => Of("recipient-unknown",
        new("The server does not know the recipient.", "服务器不认识该收件人。"),
        [new("Check the recipient's address.", "请检查收件人地址。"),
        new("The settings themselves work as far as this step.", "到这一步为止，设置本身是正常的。")]);

    public static Cause Greylisted() => Of("greylisted",
        new("The server lets strangers wait (greylisting): it takes the mail at a later try.", "服务器启用了灰名单：稍后重试即会接受。"),
        [new("Nothing has to be changed: queued mail is tried again by itself. A test has to be repeated after some minutes.", "无需更改设置：队列中的邮件会自动重试；测试请几分钟后再做。")]);

    public static Cause TooManyConnections() => Of("too-many-connections",
        new("The server has too many connections from this host.", "服务器认为来自本机的连接过多。"),
        [new("Lower the number of sessions at once.", "请减少同时会话数。"), new("Another program on this host or behind the same address may hold connections.", "本机或同一出口 IP 上的其他程序可能占用了连接。")]);

    public static Cause ServerBusy() => Of("server-busy",
        new("The server is not available just now.", "服务器暂时不可用。"),
        [TryAgain, new("Queued mail is tried again by itself.", "队列中的邮件会自动重试。")]);

    public static Cause TemporarilyRefused() => Of("temporarily-refused",
        new("The server refuses for now.", "服务器暂时拒绝。"),
        [new("Try again in some minutes: it may greylist, or limit the rate.", "请几分钟后重试：可能是灰名单或限速。"), ItsWordsSayWhy]);

    public static Cause MailboxFull() => Of("mailbox-full",
        new("The recipient's mailbox is full.", "收件人邮箱已满。"),
        [new("The recipient has to make room.", "需由收件人清理空间。")]);

    public static Cause ContentRefused() => Of("content-refused",
        new("The server refuses the message's content.", "服务器拒绝了邮件内容。"),
        [new("Its words say why: spam filter, policy (SPF, DKIM, DMARC) or size.", "原因见服务器原文：垃圾过滤、策略（SPF、DKIM、DMARC）或大小。")]) with
    { Confidence = Confidence.Medium };

    public static Cause TooLarge() => Of("too-large",
        new("The message is larger than the server takes.", "邮件超过了服务器允许的大小。"),
        [new("Send less, or ask the server's operator to raise the limit.", "请减小邮件，或联系管理员提高上限。")]);

    public static Cause SmtpUtf8NotOffered() => Of("smtputf8-not-offered",
        new("An address is not ASCII, and the server does not take such addresses (SMTPUTF8).", "地址含非 ASCII 字符，而服务器不支持（SMTPUTF8）。"),
        [new("Use an address of ASCII letters, or another transport.", "请使用 ASCII 地址或其他发送通道。")]);
}

using MailPlugin.Http;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>
/// The causes that are drawn from what was seen, in words; the ids are those of <see cref="CauseList"/>. Texts with a place for a detail are filled by
/// <see cref="CauseFinder"/>. What servers say beyond that is in the knowledge base.
/// </summary>
internal static partial class CauseCatalog
{
    static readonly LocalizedText TryAgain = new("Try again in some minutes.", "请几分钟后重试。");
    static readonly LocalizedText ItsWordsSayWhy = new("Its words say why.", "原因见服务器原文。");
    static readonly LocalizedText AskItsOperator = new("Ask the server's operator.", "请联系服务器管理员。");
    static readonly LocalizedText PinAfterComparing = new("If this is your own server, pin its certificate after comparing the fingerprint.", "如果是您自己的服务器，请核对指纹后固定该证书。");

    public static Cause None() => Of("none",
        new("Nothing is wrong: the relay takes mail from here.", "一切正常：邮件服务器接受来自本机的邮件。"),
        [new("Send a test mail to see that it arrives.", "请发送一封测试邮件，确认能够送达。")]);

    public static Cause Uncertain() => Of("uncertain",
        new("The content was sent, but the server's answer did not come: the message may have arrived.", "内容已发送，但未收到服务器回复：邮件可能已送达。"),
        [new("Look into the recipient's mailbox before you send again.", "重发前请先查看收件箱。")]);

    public static Cause Canceled() => Of("canceled",
        new("The send was ended before it was done.", "发送在完成前被终止。"),
        [new("Try again.", "请重试。")]);

    public static Cause Unknown() => Of("unknown",
        new("It failed, and the reason is not known here.", "操作失败，原因未知。"),
        [new("The server's own words and the transcript say what is known.", "已知的情况见服务器原文和会话记录。")]) with
    { Confidence = Confidence.Low };

    static Cause Of(string id, LocalizedText text, IReadOnlyList<LocalizedText> advice) => new(id, text, advice);
}

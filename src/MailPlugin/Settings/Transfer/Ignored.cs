using MailPlugin.Http;

namespace MailPlugin.Settings.Transfer;

/// <summary>Reasons for which something in a text is not taken over.</summary>
internal static class Ignored
{
    public static readonly LocalizedText NotMail = new("is no setting of outgoing mail", "不是外发邮件设置");

    public static readonly LocalizedText Unknown = new("is not known here", "此处不支持");

    public static readonly LocalizedText NotUnderstood = new("is not understood", "无法识别");

    public static readonly LocalizedText Computed = new("is computed; nothing is executed or looked up", "是计算得出的值；导入不会执行或查询任何内容");

    public static readonly LocalizedText Empty = new("is empty", "为空");

    public static readonly LocalizedText NoLogin = new("is not used: the text switches the login off", "未使用：文本中已关闭登录");

    public static readonly LocalizedText Masked = new("is masked: type it", "已被遮盖：请手动输入");

    public static readonly LocalizedText FileNotRead = new("names a file; files are not read here", "指向文件；导入不会读取文件");

    public static readonly LocalizedText ChecksStayOn = new(
        "is not taken over: certificates are always checked. Pin the server's certificate, or give its certificate authority", "未采用：证书始终会被校验。请固定服务器证书或提供其证书颁发机构");

    public static readonly LocalizedText Twice = new("stands twice; the other one is taken", "重复出现；已采用另一处的值");

    public static readonly LocalizedText Debug = new("is no setting here: a failed test always shows the dialogue, PUT /debug records it for other mail", "此处没有该设置：测试失败时总会显示会话，其他邮件可用 PUT /debug 记录");

    public static LocalizedText OtherMode(string mode) => new($"is not used in mode {mode}", $"模式 {mode} 不使用此项");

    public static LocalizedText Wrong(string must) => new(must, $"值无效：{must}");
}

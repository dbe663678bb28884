using System.Text;
using System.Text.RegularExpressions;
using MailPlugin.Http;
using MailPlugin.Templates.Scanning;

namespace MailPlugin.Templates.Importing;

/// <summary>Reads a mail template of ownCloud: PHP that is parsed and never executed, or text with <c>{link}</c>.</summary>
internal static partial class OwnCloudImport
{
    static readonly LocalizedText SubjectElsewhere = new("The subject stood elsewhere: this one is a guess.", "原模板不含主题，此主题为推测，请检查。");
    static readonly LocalizedText TooLarge = new("The template is larger than 64 KB: shorten it.", "模板超过 64 KB，请缩短。");
    static readonly LocalizedText Whole = new(
        "It brings a frame of its own: take what the layout says out of it, so that it does not stand there twice.", "模板自带外框：请删去布局中已有的内容，以免重复。");

    static readonly LocalizedText Share = new("{{user_displayname}} shared \"{{filename}}\" with you", "{{user_displayname}}与您共享了“{{filename}}”");
    static readonly LocalizedText Activity = new("Activity notification", "动态通知");
    static readonly LocalizedText Reset = new("Reset your password", "重置密码");
    static readonly LocalizedText Other = new("Notification", "通知");

    /// <summary>What the built-in templates call it.</summary>
    static readonly (string Theirs, string Ours, string Template)[] Names =
    [
        ("user_displayname", "sharer", "share-notification"), ("filename", "item", "share-notification"), ("expiration", "expires", "share-notification"),
        ("personal_note", "note", "share-notification"), ("username", "name", "activity-notification"),
    ];

    public static (TemplateText Draft, ImportReport Report) Read(string source)
    {
        var report = new ImportReport();
        var isHtml = Markup().IsMatch(source);
        var body = PhpTemplate.Write(PhpParser.Parse(source), isHtml, report).Trim() + "\n";
        Warn(report, body, isHtml);
        var subject = Subject(report.Recognised, body);
        report.Warn(SubjectElsewhere);
        return (isHtml ? new(subject, null, body) : new(subject, body, null), report);
    }

    static void Warn(ImportReport report, string body, bool isHtml)
    {
        if (Encoding.UTF8.GetByteCount(body) > TemplateText.MaxBytes)
        {
            report.Warn(TooLarge);
        }

        if (isHtml && body.Contains("<table", StringComparison.OrdinalIgnoreCase))
        {
            report.Warn(Whole);
        }

        foreach (var (theirs, ours, template) in Names.Where(name => report.Recognised.Contains(name.Theirs)))
        {
            report.Warn(new($"{theirs}: the template {template} calls it {ours}.", $"{theirs}：模板 {template} 中名为 {ours}。"));
        }

        foreach (var fault in TemplateScanner.Scan(isHtml ? "html" : "text", body).Faults)
        {
            report.Warn(new($"Line {fault.Line}, column {fault.Column}: {fault.Message.English}", $"第 {fault.Line} 行第 {fault.Column} 列：{fault.Message.Chinese}"));
        }
    }

    /// <summary>In the language that the text is in.</summary>
    static string Subject(IReadOnlyList<string> variables, string body)
    {
        var guess = variables.Contains("user_displayname") && variables.Contains("filename") ? Share
            : variables.Contains("activities[]") ? Activity
            : variables.Where(name => name[0] != '$').ToList() is ["link"] ? Reset
            : Other;
        return guess.In(Han().IsMatch(body) ? Language.Chinese : Language.English);
    }

    [GeneratedRegex("\\p{IsCJKUnifiedIdeographs}", RegexOptions.NonBacktracking)]
    private static partial Regex Han();

    [GeneratedRegex("<(!doctype|html|body|table|tr|td|div|p|br|a|h[1-6]|ul|ol|li|span|strong|img)\\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Markup();
}

using System.Text;
using System.Text.RegularExpressions;
using MailPlugin.Http;
using MailPlugin.Templates.Catalog;
using MailPlugin.Templates.Rendering;

namespace MailPlugin.Templates.Previewing;

internal sealed record PreviewWarning(string Id, LocalizedText Text);

/// <summary>What is allowed in a mail and yet deserves a word before it goes out.</summary>
internal static partial class PreviewWarnings
{
    /// <summary>Gmail shows no more of a mail than this.</summary>
    const int GmailClips = 102 * 1024;
    const int LongSubject = 78;

    public static IEnumerable<PreviewWarning> Of(PreviewRequest request, RenderedMail mail, IReadOnlyList<string> missing)
    {
        foreach (var name in missing)
        {
            yield return new("missing-variable", new($"{name} has no value: a submission without it is refused.", $"{name} 没有值：缺少它的提交会被拒绝。"));
        }

        foreach (var name in MissingVariables.Unread(request.Named, request.Template, request.Model))
        {
            yield return new("unknown-variable", new($"The template does not use {name}.", $"模板没有使用 {name}。"));
        }

        if (request.Template.Source.Text is null)
        {
            yield return new("no-text", new("There is no text part of its own: it is derived from the HTML.", "没有单独的纯文本部分，将由 HTML 生成。"));
        }

        foreach (var warning in OfSubject(mail).Concat(mail.Html is { } html ? OfHtml(html) : []))
        {
            yield return warning;
        }
    }

    static IEnumerable<PreviewWarning> OfSubject(RenderedMail mail)
    {
        if (mail.Subject.Length == 0)
        {
            yield return new("empty-subject", new("With this model the subject is empty.", "使用此数据时，主题为空。"));
        }

        if (mail.Subject.Length > LongSubject)
        {
            yield return new("long-subject", new($"The subject has {mail.Subject.Length} characters: most inboxes show fewer.", $"主题有 {mail.Subject.Length} 个字符，多数收件箱无法完整显示。"));
        }

        if (mail.SubjectWasMended)
        {
            yield return new("subject-line-breaks", new("Line breaks and control characters were taken out of the subject.", "主题中的换行和控制字符已被去除。"));
        }
    }

    static IEnumerable<PreviewWarning> OfHtml(string html)
    {
        if (Encoding.UTF8.GetByteCount(html) is > GmailClips and var size)
        {
            yield return new("clipped", new($"The HTML has {size / 1024} KB: Gmail shows the first 102 KB.", $"HTML 有 {size / 1024} KB，Gmail 只显示前 102 KB。"));
        }

        if (Image().Matches(html).Any(image => !Alt().IsMatch(image.ValueSpan)))
        {
            yield return new("image-without-alt", new("A picture has no alt text: readers who do not load pictures see nothing.", "有图片没有 alt 文字：不加载图片的读者将看不到内容。"));
        }

        if (PlainLink().IsMatch(html))
        {
            yield return new("link-without-https", new("A link is not https: what is typed behind it can be read on the way.", "有链接不是 https：用户在其中输入的内容可能被窃听。"));
        }
    }

    [GeneratedRegex("<img\\b[^>]*>", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Image();

    [GeneratedRegex("\\balt\\s*=", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Alt();

    [GeneratedRegex("<a\\b[^>]*\\bhref\\s*=\\s*[\"']?\\s*http:", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex PlainLink();
}

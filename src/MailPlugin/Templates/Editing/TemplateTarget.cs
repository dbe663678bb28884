using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Templates.Editing;

/// <summary>Which template a request is about.</summary>
internal static class TemplateTarget
{
    /// <summary>The locale of <c>?locale=</c>; the default when it says nothing.</summary>
    public static (LocaleTag? Locale, ProblemResult? Problem) LocaleOf(HttpContext context)
    {
        var text = context.Request.Query["locale"].ToString();
        return text.Length == 0 ? (LocaleTag.Default, null) : LocaleTag.TryParse(text, out var tag) ? (tag, null) : (null, TemplateProblems.UnknownLocale());
    }

    /// <summary>The same where saying nothing means all of them.</summary>
    public static (LocaleTag? Locale, ProblemResult? Problem) OptionalLocaleOf(HttpContext context) =>
        context.Request.Query["locale"].ToString().Length == 0 ? (null, null) : LocaleOf(context);
}

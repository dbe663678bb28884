using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MailPlugin.Http;

/// <summary>A sentence for people in the two languages that the product speaks.</summary>
internal readonly record struct LocalizedText(string English, string Chinese)
{
    public string In(Language language) => language == Language.Chinese ? Chinese : English;

    /// <summary>For lists of advice and details that were put together from parts.</summary>
    public static LocalizedText operator +(LocalizedText left, LocalizedText right) =>
        new($"{left.English} {right.English}", left.Chinese + right.Chinese);
}

internal enum Language
{
    English,
    Chinese,
}

internal static class RequestLanguage
{
    /// <summary>The better liked of English and Chinese in Accept-Language (RFC 9110 12.5.4); English when it names neither.</summary>
    public static Language Of(HttpContext context)
    {
        var best = Language.English;
        var bestQuality = 0.0;
        foreach (var entry in context.Request.GetTypedHeaders().AcceptLanguage)
        {
            if (LanguageOf(entry) is { } language && (entry.Quality ?? 1) > bestQuality)
            {
                best = language;
                bestQuality = entry.Quality ?? 1;
            }
        }

        return best;
    }

    static Language? LanguageOf(StringWithQualityHeaderValue entry)
    {
        var tag = entry.Value.AsSpan();
        var primary = tag.IndexOf('-') is var end and >= 0 ? tag[..end] : tag;
        if (primary.Equals("zh", StringComparison.OrdinalIgnoreCase))
        {
            return Language.Chinese;
        }

        return primary.Equals("en", StringComparison.OrdinalIgnoreCase) || tag is "*" ? Language.English : null;
    }
}

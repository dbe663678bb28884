using Microsoft.AspNetCore.Http;

namespace MailPlugin.Http.Pipeline;

/// <summary>What every answer of the API carries, errors included: it is data, to be neither sniffed, framed, run nor kept.</summary>
internal static class ApiHeaders
{
    public static void Set(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
    }
}

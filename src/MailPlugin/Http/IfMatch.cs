using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MailPlugin.Http;

/// <summary>The precondition of a change (RFC 9110 13.1.1).</summary>
internal static class IfMatch
{
    internal enum Refusal
    {
        Missing,
        Stale,
    }

    /// <summary>Null when the request names the current tag, or <c>*</c>.</summary>
    public static Refusal? Check(HttpContext context, string current)
    {
        var header = context.Request.Headers.IfMatch;
        if (string.IsNullOrWhiteSpace(header))
        {
            return Refusal.Missing;
        }

        // The star stands alone; the framework takes it for one of a list as well.
        return EntityTagHeaderValue.TryParseStrictList(header, out var tags)
            && (tags is [var only] && only.Equals(EntityTagHeaderValue.Any) || tags.Any(tag => !tag.IsWeak && tag.Tag == current))
            ? null
            : Refusal.Stale;
    }
}

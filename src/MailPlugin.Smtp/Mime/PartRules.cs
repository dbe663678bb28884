using System.Buffers;
using System.Text;

namespace MailPlugin.Smtp.Mime;

/// <summary>What a caller may say about an attachment. Each check gives null, or what the field is to be, as the rest of a sentence that begins with the field's name.</summary>
public static class PartRules
{
    /// <summary>The longest file name, in bytes of UTF-8: what file systems take.</summary>
    public const int MaximumFileName = 255;

    const int MaximumContentId = 250;

    static readonly SearchValues<char> NotInContentId = SearchValues.Create("<>\"()\\");

    /// <summary>Whether this is a media type that an attachment may have: type, subtype and parameters (RFC 2045 section 5.1), not a multipart.</summary>
    public static string? CheckContentType(string contentType)
    {
        ArgumentNullException.ThrowIfNull(contentType);
        return !MediaType.TryParse(contentType, out var type) ? "must be a media type such as application/pdf"
            : type.IsMultipart ? "must not be a multipart type"
            : null;
    }

    /// <summary>Whether this is a file name without a path.</summary>
    public static string? CheckFileName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return string.IsNullOrWhiteSpace(name) ? "must not be empty"
            : HeaderRules.HasControl(name) ? "must not contain line breaks or other control characters"
            : name.AsSpan().IndexOfAny('/', '\\') >= 0 ? "must be a file name without a path"
            : Encoding.UTF8.GetByteCount(name) > MaximumFileName ? $"must have at most {MaximumFileName} bytes"
            : null;
    }

    /// <summary>Whether an HTML body can name a part so: printable ASCII without blanks and angle brackets (RFC 2392).</summary>
    public static string? CheckContentId(string contentId)
    {
        ArgumentNullException.ThrowIfNull(contentId);
        return contentId.Length is 0 or > MaximumContentId || contentId.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0
            || contentId.AsSpan().ContainsAny(NotInContentId)
            ? $"must be 1 to {MaximumContentId} printable ASCII characters without blanks, quotes and brackets, such as logo@example.com"
            : null;
    }
}

using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace MailPlugin.Http.Pipeline;

/// <summary>One file of the page, compressed once as strongly as can be: it is read by everybody and changes with a release.</summary>
internal sealed class PageFile
{
    const int StrongestBrotli = 11;
    const int BrotliWindow = 18;

    readonly string _type;
    readonly string _hash;
    readonly (string Name, byte[] Content)[] _encodings;

    /// <param name="content">As it lies on the disk.</param>
    /// <param name="type">Its media type.</param>
    public PageFile(byte[] content, string type)
    {
        _type = type;
        _hash = Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8));
        Size = content.Length;

        // The best first; a form that is no smaller is none.
        _encodings = [.. new[] { ("br", Brotli(content)), ("gzip", Gzip(content)) }.Where(encoding => encoding.Item2.Length < content.Length), ("identity", content)];
    }

    public int Size { get; }

    public bool IsDocument => _type == "text/html";

    public bool IsPicture => _type.StartsWith("image/", StringComparison.Ordinal);

    /// <summary>Answers GET and HEAD, or that the caller has it already (RFC 9110 13.1.2).</summary>
    public Task AnswerAsync(HttpContext context)
    {
        var asked = context.Request.GetTypedHeaders();
        var (encoding, content) = _encodings.First(form => form.Name == "identity" || Accepts(asked.AcceptEncoding, form.Name));

        // Forms of one file are not the same bytes, so each has a tag of its own (RFC 9110 8.8.3.3).
        var tag = new EntityTagHeaderValue($"\"{_hash}-{encoding[0]}\"");
        var headers = context.Response.Headers;
        headers.ETag = tag.ToString();
        headers.Vary = HeaderNames.AcceptEncoding;
        if (asked.IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false)))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        headers.ContentType = _type;
        headers.ContentLength = content.Length;
        if (encoding != "identity")
        {
            headers.ContentEncoding = encoding;
        }

        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }

    /// <summary>Named, or meant by the star, and not refused (RFC 9110 12.5.3).</summary>
    static bool Accepts(IList<StringWithQualityHeaderValue> accepted, string name)
    {
        var said = accepted.FirstOrDefault(item => item.Value.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? accepted.FirstOrDefault(item => item.Value == "*");
        return said is not null && said.Quality is null or > 0;
    }

    static byte[] Brotli(byte[] content)
    {
        var buffer = new byte[BrotliEncoder.GetMaxCompressedLength(content.Length)];
        return BrotliEncoder.TryCompress(content, buffer, out var length, StrongestBrotli, BrotliWindow) ? buffer[..length] : content;
    }

    static byte[] Gzip(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return result.ToArray();
    }
}

using System.Buffers;
using System.Text.Json;
using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace MailPlugin.Http.Binding;

/// <summary>A request's JSON, read whole and within a limit. The raw bytes stay at hand: idempotency hashes them.</summary>
internal sealed class RequestBody : IDisposable
{
    static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    const int Slack = 64 * 1024;

    readonly JsonDocument _document;

    RequestBody(ReadOnlyMemory<byte> bytes, JsonDocument document)
    {
        Bytes = bytes;
        _document = document;
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    public JsonElement Root => _document.RootElement;

    /// <summary>The body, or the problem that answers instead: 415, 413, or 400 with the position of the syntax fault.</summary>
    public static async ValueTask<(RequestBody? Body, ProblemResult? Problem)> ReadAsync(HttpContext context, int maxBytes)
    {
        if (!context.Request.HasJsonContentType() || !IsUtf8(context.Request.ContentType!))
        {
            return (null, Problem.UnsupportedMediaType());
        }

        if (context.Request.ContentLength > maxBytes)
        {
            return (null, Problem.TooLarge(maxBytes));
        }

        // The server's own limit may be lower than this body's; a little more than ours lets the answer name ours.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server && server.MaxRequestBodySize < maxBytes + Slack)
        {
            server.MaxRequestBodySize = maxBytes + Slack;
        }

        var bytes = await ReadAllAsync(context, maxBytes);
        if (bytes is null)
        {
            return (null, Problem.TooLarge(maxBytes));
        }

        try
        {
            return (new RequestBody(bytes, JsonDocument.Parse(bytes, Options)), null);
        }
        catch (JsonException fault)
        {
            return (null, Problem.InvalidJson(fault.LineNumber, fault.BytePositionInLine));
        }
    }

    public void Dispose() => _document.Dispose();

    /// <summary>JSON is UTF-8 (RFC 8259 section 8.1), whatever else a sender may name.</summary>
    static bool IsUtf8(string contentType) =>
        !contentType.Contains("charset", StringComparison.OrdinalIgnoreCase)
        || (MediaTypeHeaderValue.TryParse(contentType, out var type) && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)));

    static async ValueTask<byte[]?> ReadAllAsync(HttpContext context, int maxBytes)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > maxBytes)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}

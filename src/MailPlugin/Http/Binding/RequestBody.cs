using System.Buffers;
using System.Text.Json;
using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;

namespace MailPlugin.Http.Binding;

/// <summary>A request's JSON, read whole and within a limit. The raw bytes stay at hand: idempotency hashes them.</summary>
internal sealed class RequestBody : IDisposable
{
    static readonly JsonDocumentOptions Options = new() { MaxDepth = 32 };

    static readonly TimeSpan UntilThereIsRoom = TimeSpan.FromSeconds(5);

    const int Slack = 64 * 1024;

    readonly JsonDocument _document;
    readonly BodyShare _share;

    RequestBody(ReadOnlyMemory<byte> bytes, JsonDocument document, BodyShare share)
    {
        Bytes = bytes;
        _document = document;
        _share = share;
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    public JsonElement Root => _document.RootElement;

    /// <summary>The body, or the problem that answers instead: 415, 413, 429 when too many large ones come at once, or 400 with the position of the syntax fault.</summary>
    public static async ValueTask<(RequestBody? Body, ProblemResult? Problem)> ReadAsync(HttpContext context, int maxBytes)
    {
        if (!context.Request.HasJsonContentType() || !IsUtf8(context.Request.ContentType!))
        {
            return (null, Problem.UnsupportedMediaType());
        }

        // RFC 9110 15.5.16 and 12.5.3: what may be sent instead is named.
        if (context.Request.Headers.ContentEncoding.ToString() is not ("" or "identity"))
        {
            context.Response.Headers.AcceptEncoding = "identity";
            return (null, Problem.UnsupportedContentEncoding());
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

        var share = new BodyShare(context.RequestServices.GetRequiredService<BodyRoom>());

        // Given back with the request at the latest, whatever becomes of the body.
        context.Response.RegisterForDispose(share);
        var (bytes, problem) = await ReadAllAsync(context, maxBytes, share);
        if (bytes is null)
        {
            return (null, problem);
        }

        try
        {
            return (new RequestBody(bytes, JsonDocument.Parse(bytes, Options), share), null);
        }
        catch (JsonException fault)
        {
            return (null, Problem.InvalidJson(fault.LineNumber, fault.BytePositionInLine));
        }
    }

    public void Dispose()
    {
        _document.Dispose();
        _share.Dispose();
    }

    /// <summary>JSON is UTF-8 (RFC 8259 section 8.1), whatever else a sender may name.</summary>
    static bool IsUtf8(string contentType) =>
        !contentType.Contains("charset", StringComparison.OrdinalIgnoreCase)
        || (MediaTypeHeaderValue.TryParse(contentType, out var type) && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase)));

    static async ValueTask<(byte[]? Bytes, ProblemResult? Problem)> ReadAllAsync(HttpContext context, int maxBytes, BodyShare share)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            var problem = read.Buffer.Length > maxBytes ? Problem.TooLarge(maxBytes)
                : share.TryGrowTo(read.Buffer.Length) ? null
                : Problem.RateLimited(UntilThereIsRoom);
            if (problem is not null)
            {
                reader.AdvanceTo(read.Buffer.End);
                return (null, problem);
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return (bytes, null);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>What one body has of the room.</summary>
    sealed class BodyShare(BodyRoom room) : IDisposable
    {
        long _taken;

        public bool TryGrowTo(long count)
        {
            if (count <= Math.Max(_taken, room.Small))
            {
                return true;
            }

            if (!room.TryTake(count - _taken))
            {
                return false;
            }

            _taken = count;
            return true;
        }

        public void Dispose() => room.GiveBack(Interlocked.Exchange(ref _taken, 0));
    }
}

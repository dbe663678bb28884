using System.Text.Json;
using MailPlugin.Http.Pipeline;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Http.OpenApi;

/// <summary><c>GET /openapi.json</c>: this API as OpenAPI 3.1, with the address that it is mounted at.</summary>
internal static class GetOpenApi
{
    static readonly JsonElement Document = OpenApiDocument.Build(OpenApiFragments.Read());

    public static IResult Handle(HttpContext context) => Results.Bytes(Write(MountPoint.BasePathOf(context)), "application/json; charset=utf-8");

    /// <summary>The document for an API at this base path.</summary>
    internal static byte[] Write(string basePath)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>(256 * 1024);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            foreach (var property in Document.EnumerateObject())
            {
                property.WriteTo(json);
            }

            json.WriteStartArray("servers");
            json.WriteStartObject();
            json.WriteString("url", basePath);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using MailPlugin.Http.Binding;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Logs;

/// <summary>One entry of the log. A file holds one JSON object a line, so that text from a server can begin no line of its own.</summary>
internal sealed record LogLine(DateTimeOffset At, LogLevel Level, int EventId, string Category, string Message, string? Error)
{
    static readonly JsonSerializerOptions WithoutNulls = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Id of the transport that it is about.</summary>
    public string? Transport { get; init; }

    /// <summary>Id of the message that it is about.</summary>
    public string? MessageId { get; init; }

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            at = TimeText.Of(At),
            level = EnumText.Of(Level),
            eventId = EventId,
            category = Category,
            message = Message,
            error = Error,
            transport = Transport,
            messageId = MessageId,
        },
        WithoutNulls);

    /// <summary>Null for a line that is none, such as one cut by a crash.</summary>
    public static LogLine? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            return root.GetProperty("level").GetString() is { } text && EnumText.TryParse<LogLevel>(text, out var level)
                && root.GetProperty("category").GetString() is { } category && root.GetProperty("message").GetString() is { } message
                ? new(root.GetProperty("at").GetDateTimeOffset(), level, root.GetProperty("eventId").GetInt32(), category, message, Optional(root, "error"))
                {
                    Transport = Optional(root, "transport"),
                    MessageId = Optional(root, "messageId"),
                }
                : null;
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    static string? Optional(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MailPlugin.Http.Binding;

/// <summary>Times as the API writes them: RFC 3339, UTC with <c>Z</c>, milliseconds.</summary>
internal static class TimeText
{
    public static string Of(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    internal sealed class Converter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Of(value));
    }
}

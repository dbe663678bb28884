using System.Text.Json;
using System.Text.Json.Serialization;
using MailPlugin.Queue;

namespace MailPlugin.Storage.Queue;

/// <summary>Recipients and attempts as they stand in a message's row: short names, numbers for states, nothing that is empty.</summary>
internal static class RecipientJson
{
    public static string Write(IEnumerable<Recipient> recipients) => JsonSerializer.Serialize(
        recipients.Select(recipient => new RecipientDocument(
            recipient.Address, (int)recipient.Kind, (int)recipient.State, recipient.Reply, recipient.Transport, recipient.At?.ToUnixTimeMilliseconds())).ToArray(),
        RowJson.Default.RecipientDocumentArray);

    public static Recipient[] ReadRecipients(string json) =>
        [.. JsonSerializer.Deserialize(json, RowJson.Default.RecipientDocumentArray)!.Select(recipient => new Recipient(
            recipient.Address, (RecipientKind)recipient.Kind, (RecipientState)recipient.State, recipient.Reply, recipient.Transport, Time(recipient.At)))];

    public static string Write(IEnumerable<Attempt> attempts) => JsonSerializer.Serialize(
        attempts.Select(attempt => new AttemptDocument(
            attempt.At.ToUnixTimeMilliseconds(), attempt.Transport, (int)attempt.Outcome, attempt.Reply, attempt.DurationMs, attempt.TranscriptId, attempt.Why)).ToArray(),
        RowJson.Default.AttemptDocumentArray);

    public static Attempt[] ReadAttempts(string? json) => json is null ? [] :
        [.. JsonSerializer.Deserialize(json, RowJson.Default.AttemptDocumentArray)!.Select(attempt => new Attempt(
            DateTimeOffset.FromUnixTimeMilliseconds(attempt.At), attempt.Transport, (AttemptOutcome)attempt.Outcome, attempt.Reply, attempt.DurationMs, attempt.TranscriptId, attempt.Why))];

    static DateTimeOffset? Time(long? milliseconds) => milliseconds is { } value ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;
}

internal sealed record RecipientDocument(
    [property: JsonPropertyName("a")] string Address,
    [property: JsonPropertyName("k")] int Kind,
    [property: JsonPropertyName("s")] int State,
    [property: JsonPropertyName("r")] string? Reply,
    [property: JsonPropertyName("t")] string? Transport,
    [property: JsonPropertyName("w")] long? At);

internal sealed record AttemptDocument(
    [property: JsonPropertyName("w")] long At,
    [property: JsonPropertyName("t")] string Transport,
    [property: JsonPropertyName("o")] int Outcome,
    [property: JsonPropertyName("r")] string? Reply,
    [property: JsonPropertyName("d")] long DurationMs,
    [property: JsonPropertyName("p")] string? TranscriptId,
    [property: JsonPropertyName("y")] string? Why);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(RecipientDocument[]))]
[JsonSerializable(typeof(AttemptDocument[]))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(Abstractions.DeliveryStatusRequest))]
internal sealed partial class RowJson : JsonSerializerContext;

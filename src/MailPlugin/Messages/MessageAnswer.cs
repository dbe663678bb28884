using System.Text.Json.Serialization;
using MailPlugin.Abstractions;
using MailPlugin.Diagnostics.Knowledge;
using MailPlugin.Http;
using MailPlugin.Queue;

namespace MailPlugin.Messages;

/// <summary>A message as the API shows it; <see cref="Attempts"/> only of a single one.</summary>
internal sealed record MessageAnswer(
    string Id, string MessageId, MessageStatus Status, string? Source, string Subject, AddressAnswer From, DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, DateTimeOffset ExpiresAt,
    IReadOnlyList<RecipientAnswer> Recipients)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<AttemptAnswer>? Attempts { get; init; }

    public required string? Transport { get; init; }

    public required MailPriority Priority { get; init; }

    public required string? Template { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required long Size { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? HasContent { get; init; }

    public required string? ResentFrom { get; init; }

    public required string? ResentTo { get; init; }

    public static MessageAnswer Of(MessageRecord message, HoldClock holds, DateTimeOffset now) => new(
        message.Id, message.MessageId, message.Status, NullIfEmpty(message.Source), message.Subject, new(message.From.Address, message.From.Name), message.CreatedAt,
        message.Status.IsOpen() ? message.NextAttemptAt : null, Expiry(message, holds, now), [.. message.Recipients.Select(RecipientAnswer.Of)])
    {
        Transport = NullIfEmpty(message.Transport),
        Priority = message.Priority,
        Template = message.Template,
        Metadata = message.Metadata,
        Size = message.Size,
        ResentFrom = message.ResentFrom,
        ResentTo = message.ResentTo,
    };

    public static MessageAnswer Whole(MessageRecord message, HoldClock holds, DateTimeOffset now, RepliesInWords words, Language language) => Of(message, holds, now) with
    {
        Attempts = [.. message.Attempts.Select(attempt => AttemptAnswer.Of(attempt, words.Of(attempt, language)))],
        HasContent = message.HasContent,
    };

    /// <summary>While a message waits its end moves with what held it; afterwards it stands.</summary>
    static DateTimeOffset Expiry(MessageRecord message, HoldClock holds, DateTimeOffset now) =>
        message.Status.IsOpen() ? holds.Effective(message.ExpiresAt, message.HeldBase, message.Transport, now) : message.ExpiresAt;

    static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}

internal sealed record AddressAnswer(string Address, string? Name);

internal sealed record RecipientAnswer(string Address, RecipientKind Kind, RecipientState State, string? Reply, string? Transport, DateTimeOffset? At)
{
    public static RecipientAnswer Of(Recipient recipient) => new(recipient.Address, recipient.Kind, recipient.State, recipient.Reply, recipient.Transport, recipient.At);
}

internal sealed record AttemptAnswer(DateTimeOffset At, string Transport, AttemptOutcome Outcome, string? Reply, long DurationMs, string? TranscriptId, string? Why)
{
    /// <summary>What the reply means, where it is known.</summary>
    public CauseMeaning? Cause { get; private init; }

    public IReadOnlyList<string> Advice { get; private init; } = [];

    public static AttemptAnswer Of(Attempt attempt, ReplyMeaning? meaning) => new(attempt.At, attempt.Transport, attempt.Outcome, attempt.Reply, attempt.DurationMs, attempt.TranscriptId, attempt.Why)
    {
        Cause = meaning?.Cause,
        Advice = meaning?.Advice ?? [],
    };
}

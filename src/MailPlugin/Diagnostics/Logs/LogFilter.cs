using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Logs;

/// <summary>Which entries are wanted; what is null asks for nothing.</summary>
internal sealed record LogFilter
{
    /// <summary>At least this one.</summary>
    public LogLevel Level { get; init; }

    /// <summary>Id of the transport that an entry is about.</summary>
    public string? Transport { get; init; }

    /// <summary>Id of the message that an entry is about.</summary>
    public string? Message { get; init; }

    /// <summary>In message, category or error; case does not matter.</summary>
    public string? Text { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>Before this.</summary>
    public DateTimeOffset? Until { get; init; }

    public bool Matches(LogLine line) =>
        line.Level >= Level
        && (Transport is null || line.Transport == Transport)
        && (Message is null || line.MessageId == Message)
        && (Since is null || line.At >= Since)
        && (Until is null || line.At < Until)
        && (Text is null || Contains(line.Message) || Contains(line.Category) || (line.Error is not null && Contains(line.Error)));

    bool Contains(string text) => text.Contains(Text!, StringComparison.OrdinalIgnoreCase);
}

using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Logs;

/// <summary>An entry as the API gives it.</summary>
internal sealed record LogEntry(DateTimeOffset At, LogLevel Level, int EventId, string Category, string Message, string? Error, string? Transport, string? MessageId, string Node)
{
    public static LogEntry Of(LogLine line) =>
        new(line.At, line.Level, line.EventId, line.Category, line.Message, line.Error, line.Transport, line.MessageId, Environment.MachineName);
}

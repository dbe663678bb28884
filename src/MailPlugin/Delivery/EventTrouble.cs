using MailPlugin.Abstractions;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>What goes wrong with events, in the log.</summary>
internal sealed partial class EventTrouble(ILogger logger)
{
    public void Tell(MailEvent what, Exception? fault)
    {
        if (fault is null)
        {
            LogDropped(what.Id);
        }
        else
        {
            LogHandlerFailed(what.Kind, what.Id, fault);
        }
    }

    [LoggerMessage(EventId = 2040, Level = LogLevel.Error, Message = "A handler failed at the event {Kind} of message {MessageId}")]
    partial void LogHandlerFailed(MailEventKind kind, string messageId, Exception fault);

    [LoggerMessage(EventId = 2041, Level = LogLevel.Warning, Message = "Handlers do not keep up: an event of message {MessageId} was dropped")]
    partial void LogDropped(string messageId);
}

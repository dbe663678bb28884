using MailPlugin.Security.Audit;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Delivery;

/// <summary>Notes in the audit log that the outbound policy kept a transport from connecting: once for each try, not for each message that waited for it.</summary>
internal sealed partial class RefusalAudit(IAuditLog audit, TimeProvider clock, ILogger<RefusalAudit> logger)
{
    const string Who = "delivery";

    /// <summary>Suspended transports are tried every quarter of an hour; messages of one try come together.</summary>
    static readonly TimeSpan OneTry = TimeSpan.FromMinutes(1);

    readonly Lock _lock = new();
    readonly Dictionary<string, long> _told = new(StringComparer.Ordinal);

    public void Note(string transport, string? detail)
    {
        lock (_lock)
        {
            if (_told.TryGetValue(transport, out var at) && clock.GetElapsedTime(at) < OneTry)
            {
                return;
            }

            _told[transport] = clock.GetTimestamp();
        }

        _ = WriteAsync(transport, detail);
    }

    async Task WriteAsync(string transport, string? detail)
    {
        try
        {
            await audit.WriteAsync(Who, "delivery refused by the outbound policy", transport, detail, CancellationToken.None);
        }
        catch (Exception fault)
        {
            LogNotWritten(transport, fault);
        }
    }

    [LoggerMessage(EventId = 1230, Level = LogLevel.Error, Message = "That the outbound policy refused the transport {Transport} could not be noted in the audit log")]
    partial void LogNotWritten(string transport, Exception fault);
}

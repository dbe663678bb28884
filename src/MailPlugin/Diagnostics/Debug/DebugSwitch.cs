using System.Text.Json;
using MailPlugin.Queue;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Diagnostics.Debug;

/// <summary>The debug switch: it survives a restart and switches itself off by the clock.</summary>
internal sealed partial class DebugSwitch(IQueueState store, TimeProvider clock, ILogger<DebugSwitch> logger)
{
    const string Name = "debug";

    DebugState _state = DebugState.Off;

    public DebugState State => Volatile.Read(ref _state);

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (await store.ReadAsync(Name, cancellationToken) is { } json)
        {
            Volatile.Write(ref _state, JsonSerializer.Deserialize<DebugState>(json) ?? DebugState.Off);
        }
    }

    public async Task SetAsync(bool enabled, int minutes, TranscriptContent content, string? transport, CancellationToken cancellationToken)
    {
        var state = new DebugState(enabled ? clock.GetUtcNow().AddMinutes(minutes) : null, minutes, content, transport);
        await store.WriteAsync(Name, JsonSerializer.Serialize(state), cancellationToken);
        Volatile.Write(ref _state, state);
        LogSet(enabled ? $"on for {minutes} minutes, {transport ?? "all transports"}" : "off");
    }

    [LoggerMessage(EventId = 1301, Level = LogLevel.Information, Message = "SMTP debug switched {State}")]
    partial void LogSet(string state);
}

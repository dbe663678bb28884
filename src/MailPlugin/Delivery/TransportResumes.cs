using System.Collections.Concurrent;
using System.Globalization;
using MailPlugin.Queue;

namespace MailPlugin.Delivery;

/// <summary>Somebody says, or a test has shown, that a transport is mended: it is used again at once, on every node.</summary>
internal sealed class TransportResumes(IQueueState state, TransportLines lines, QueueSignal signal, TimeProvider clock)
{
    const string Prefix = "resume.";

    readonly ConcurrentDictionary<string, string> _seen = new(StringComparer.Ordinal);

    public async Task ResumeAsync(string transport, CancellationToken cancellationToken)
    {
        Resume(transport);
        var mark = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        _seen[transport] = mark;
        await state.WriteAsync(Prefix + transport, mark, cancellationToken);
    }

    /// <summary>Does what was said on another node.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        foreach (var line in lines.All)
        {
            if (await state.ReadAsync(Prefix + line.Transport, cancellationToken) is { } mark && _seen.GetValueOrDefault(line.Transport) != mark)
            {
                _seen[line.Transport] = mark;
                Resume(line.Transport);
            }
        }
    }

    void Resume(string transport)
    {
        lines.Resume([transport]);
        signal.Raise();
    }
}

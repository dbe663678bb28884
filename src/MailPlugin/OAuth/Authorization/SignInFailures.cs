using System.Collections.Concurrent;

namespace MailPlugin.OAuth.Authorization;

/// <summary>
/// Why the last sign-in of a transport failed, for whoever waits for it on the page; the audit has it for good. In this process alone: on another node the page shows what
/// the provider last said of the stored token instead.
/// </summary>
internal sealed class SignInFailures(TimeProvider clock)
{
    readonly ConcurrentDictionary<string, (string Words, DateTimeOffset At)> _last = new(StringComparer.Ordinal);

    /// <param name="transport">Whose.</param>
    /// <param name="since">When a token was last had, on whatever node: what failed before is over.</param>
    public string? Find(string transport, DateTimeOffset? since) => _last.TryGetValue(transport, out var last) && !(since > last.At) ? last.Words : null;

    public void Note(string transport, string words) => _last[transport] = (words, clock.GetUtcNow());

    /// <summary>Another one begins, or one succeeded.</summary>
    public void Forget(string transport) => _last.TryRemove(transport, out _);
}

using System.Collections.Concurrent;

namespace MailPlugin.OAuth.Authorization;

/// <summary>
/// Why the last sign-in of a transport failed, for whoever waits for it on the page; the audit has it for good. In this process alone: on another node the page shows what
/// the provider last said of the stored token instead.
/// </summary>
internal sealed class SignInFailures
{
    readonly ConcurrentDictionary<string, string> _words = new(StringComparer.Ordinal);

    public string? Find(string transport) => _words.GetValueOrDefault(transport);

    public void Note(string transport, string words) => _words[transport] = words;

    /// <summary>Another one begins, or one succeeded.</summary>
    public void Forget(string transport) => _words.TryRemove(transport, out _);
}

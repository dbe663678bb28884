using System.Net;
using System.Net.Sockets;

namespace MailPlugin.Settings.Discovery;

/// <summary>Asks the system for a name's addresses, for a short time and a few at once: a resolver that hangs holds a thread for as long as it hangs.</summary>
internal sealed class NameLookup(TimeProvider clock) : IDisposable
{
    const int MostAtOnce = 8;

    static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    readonly SemaphoreSlim _places = new(MostAtOnce);

    /// <summary>Replaced by tests alone: there is no resolver to answer them.</summary>
    internal Func<string, Task<IPAddress[]>> Resolver { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>The addresses; none when the name has none or nobody answers in time.</summary>
    public async Task<IReadOnlyList<IPAddress>> FindAsync(string name, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _places.WaitAsync(either.Token);
            return await AskAsync(name).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    public void Dispose() => _places.Dispose();

    /// <summary>Gives its place back when the system has answered, not when nobody waits any more.</summary>
    async Task<IPAddress[]> AskAsync(string name)
    {
        try
        {
            return await Resolver(name);
        }
        catch (Exception fault) when (fault is SocketException or ArgumentException)
        {
            return [];
        }
        finally
        {
            _places.Release();
        }
    }
}

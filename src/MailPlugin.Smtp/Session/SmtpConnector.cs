using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MailPlugin.Smtp;

/// <summary>Resolves a name and races its addresses (RFC 8305): IPv6 and IPv4 by turns, the next one a quarter of a second behind the last.</summary>
internal sealed class SmtpConnector(TimeProvider time)
{
    const int MostTold = 20;
    static readonly TimeSpan ResolutionDelay = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan TargetPatience = TimeSpan.FromSeconds(2);
    static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>Replaced by tests alone: there is no resolver to answer them.</summary>
    internal Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>> Resolver { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Put around the connection; by tests alone, which read byte by byte.</summary>
    internal Func<Stream, Stream> Wrap { get; init; } = static stream => stream;

    internal async Task<Socket> ConnectAsync(
        SmtpRelay relay, string host, int port, TranscriptWriter transcript, CancellationToken cancellationToken, Action? resolved = null)
    {
        var addresses = await ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        resolved?.Invoke();
        TellAddresses(host, addresses, transcript);
        if (relay.LocalAddress is { } local)
        {
            var family = local.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";
            addresses = [.. addresses.Where(address => address.AddressFamily == local.AddressFamily)];
            if (addresses.Count == 0)
            {
                throw new SmtpException(SmtpStage.Connect, SmtpFault.Unreachable, $"{ServerText.Clean(host)} has no {family} address, and {local}, which is to be connected from, is one.");
            }
        }

        var allowed = addresses.Where(address => relay.AllowAddress?.Invoke(address) ?? true).ToList();
        if (allowed.Count == 0)
        {
            throw new SmtpException(SmtpStage.Connect, SmtpFault.AddressNotAllowed, $"Connecting to {host} ({addresses[0]}), port {port}, is not allowed.");
        }

        return await RaceAsync(allowed, port, relay.LocalAddress, transcript, cancellationToken).ConfigureAwait(false);
    }

    static void TellAddresses(string host, List<IPAddress> addresses, TranscriptWriter transcript)
    {
        if (transcript.IsOn && !IPAddress.TryParse(host, out _))
        {
            transcript.Info($"{host} has {string.Join(", ", addresses.Take(MostTold))}{(addresses.Count > MostTold ? $" and {addresses.Count - MostTold} more" : "")}");
        }
    }

    /// <summary>What a proxy is to be told to connect to, once <see cref="SmtpRelay.AllowAddress"/> has been asked about it.</summary>
    internal async Task<string> TargetAsync(SmtpRelay relay, CancellationToken cancellationToken)
    {
        if (relay.AllowAddress is not { } allow)
        {
            return relay.Host;
        }

        var found = await MeaningAsync(relay.Host, cancellationToken).ConfigureAwait(false);
        if (relay.ResolveForProxy)
        {
            return found.Find(address => allow(address))?.ToString() ?? throw NotAllowed(found.Count == 0 ? "which has no address here, behind a proxy" : $"({found[0]}) behind a proxy");
        }

        // One that is forbidden is enough: which of them the proxy would take is its own choice.
        return found.Find(address => !allow(address)) is { } forbidden ? throw NotAllowed($"({forbidden}) behind a proxy") : relay.Host;

        SmtpException NotAllowed(string which) => new(SmtpStage.Connect, SmtpFault.AddressNotAllowed, $"Connecting to {ServerText.Clean(relay.Host)} {which} is not allowed.");
    }

    /// <summary>A name's addresses as far as they are known here; where a proxy is needed the resolver may know nothing, and is not waited for long.</summary>
    async Task<List<IPAddress>> MeaningAsync(string host, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(TargetPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            return await ResolveAsync(host, either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SmtpException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    internal async Task<List<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [Unmap(literal)];
        }

        var six = LookUpAsync(host, AddressFamily.InterNetworkV6, cancellationToken);
        var four = LookUpAsync(host, AddressFamily.InterNetwork, cancellationToken);

        // IPv6 goes first, but a resolver that is slow about it is not waited for (RFC 8305 3).
        if (await Task.WhenAny(six, four).ConfigureAwait(false) == four && (await four.ConfigureAwait(false)).Addresses.Length > 0)
        {
            await Task.WhenAny(six, Task.Delay(ResolutionDelay, time, cancellationToken)).ConfigureAwait(false);
        }
        else
        {
            await Task.WhenAll(six, four).ConfigureAwait(false);
        }

        var (first, failure) = six.IsCompleted ? await six.ConfigureAwait(false) : ([], null);
        var (second, otherFailure) = four.IsCompleted ? await four.ConfigureAwait(false) : ([], null);
        cancellationToken.ThrowIfCancellationRequested();
        if (first.Length + second.Length == 0)
        {
            throw new SmtpException(SmtpStage.Resolve, SmtpFault.NameNotResolved, $"The name {ServerText.Clean(host)} could not be resolved.", cause: otherFailure ?? failure);
        }

        var all = new List<IPAddress>();
        for (var i = 0; i < Math.Max(first.Length, second.Length); i++)
        {
            all.AddRange(first.Skip(i).Take(1));
            all.AddRange(second.Skip(i).Take(1));
        }

        return all;
    }

    // "::ffff:127.0.0.1" is 127.0.0.1: whoever judges addresses must not be fooled by the spelling.
    static IPAddress Unmap(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    async Task<(IPAddress[] Addresses, Exception? Failure)> LookUpAsync(string host, AddressFamily family, CancellationToken cancellationToken)
    {
        try
        {
            var name = EnvelopeText.IsAscii(host) ? host : new IdnMapping().GetAscii(host);
            var found = await Resolver(name, family, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            return ([.. found.Select(Unmap)], null);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException or OperationCanceledException)
        {
            return ([], exception);
        }
    }

    async Task<Socket> RaceAsync(List<IPAddress> addresses, int port, IPAddress? local, TranscriptWriter transcript, CancellationToken cancellationToken)
    {
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = new List<Task<Socket>>();
        var dialed = new Dictionary<Task<Socket>, IPAddress>();
        var waiting = new Queue<IPAddress>(addresses);
        var failure = default(Exception);
        try
        {
            while (waiting.Count > 0 || running.Count > 0)
            {
                if (waiting.TryDequeue(out var address))
                {
                    transcript.Info($"Trying {address} port {port}");
                    running.Add(DialAsync(address, port, local, losers.Token));
                    dialed[running[^1]] = address;
                }

                var race = Task.WhenAny(running);
                if (waiting.Count > 0)
                {
                    await Task.WhenAny(race, Task.Delay(AttemptDelay, time, losers.Token)).ConfigureAwait(false);
                }
                else
                {
                    await race.ConfigureAwait(false);
                }

                foreach (var done in running.Where(task => task.IsCompleted).ToArray())
                {
                    running.Remove(done);
                    if (done.IsCompletedSuccessfully)
                    {
                        return await done.ConfigureAwait(false);
                    }

                    failure ??= done.Exception?.InnerException;
                    transcript.Info($"{dialed[done]} port {port}: {(done.Exception?.InnerException as SocketException)?.SocketErrorCode ?? SocketError.OperationAborted}");
                }

                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            await losers.CancelAsync().ConfigureAwait(false);
            foreach (var late in running)
            {
                _ = late.ContinueWith(static task =>
                {
                    if (task.IsCompletedSuccessfully)
                    {
                        task.Result.Dispose();
                    }
                    else
                    {
                        _ = task.Exception;
                    }
                }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }

        throw Explain(failure, addresses[0], port);
    }

    static async Task<Socket> DialAsync(IPAddress address, int port, IPAddress? local, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (local is not null)
            {
                socket.Bind(new IPEndPoint(local, 0));
            }

            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static SmtpException Explain(Exception? failure, IPAddress address, int port) => (failure as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => new SmtpException(SmtpStage.Connect, SmtpFault.ConnectionRefused, $"Nothing listens at {address} port {port}.", cause: failure),
        SocketError.TimedOut => new SmtpException(SmtpStage.Connect, SmtpFault.Timeout, $"{address} port {port} did not answer in time.", cause: failure),
        var error => new SmtpException(SmtpStage.Connect, SmtpFault.Unreachable, $"{address} port {port} cannot be reached ({error}).", cause: failure),
    };
}

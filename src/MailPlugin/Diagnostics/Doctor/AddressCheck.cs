using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using MailPlugin.Diagnostics.Causes;
using MailPlugin.Http;
using MailPlugin.Smtp;
using MailPlugin.Transports;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary>Asks for the addresses of a name, each family by itself, and knocks at each of them. Nothing is said there.</summary>
internal sealed class AddressCheck(TimeProvider clock)
{
    /// <summary>What is known to be reachable is not kept waiting by what is not.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(2);

    static readonly AddressFamily[] Families = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    /// <summary>Replaced by tests alone: there is no resolver to answer them.</summary>
    internal Func<string, AddressFamily, CancellationToken, Task<IPAddress[]>> Resolver { get; init; } = Dns.GetHostAddressesAsync;

    public async Task<Reach> RunAsync(SmtpRelay relay, string host, int port, Findings findings, CancellationToken cancellationToken)
    {
        var (addresses, failure) = await ResolveAsync(relay, host, findings, cancellationToken);
        if (addresses.Count == 0)
        {
            return new([], new(TransportStage.Resolve, TransportFaultKind.NameNotResolved, $"{host} has no address ({failure}).")) { Error = failure };
        }

        var knocks = await KnockAsync(relay, addresses, port, findings, cancellationToken);
        return knocks.Exists(knock => knock.IsOpen) ? new(knocks, null) : new(knocks, FaultOf(knocks)) { Error = knocks.Find(knock => knock.Error is not null)?.Error };
    }

    async Task<(IReadOnlyList<IPAddress>, SocketError?)> ResolveAsync(SmtpRelay relay, string host, Findings findings, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            findings.Skip(StepName.Resolve, host, new("It is an address: there is no name to ask for.", "这是 IP 地址，无需解析。"));
            return ([literal.IsIPv4MappedToIPv6 ? literal.MapToIPv4() : literal], null);
        }

        var found = new List<IPAddress>();
        var failure = default(SocketError?);
        var lookUps = Families.Select(family => LookUpAsync(host, family, relay.Timeouts.Connect, findings.Mark(), cancellationToken)).ToList();
        await Task.WhenAll(lookUps);
        var isUnknown = lookUps.TrueForAll(lookUp => lookUp.Result.Addresses.Count == 0);
        foreach (var lookUp in lookUps)
        {
            var (family, addresses, error, mark) = await lookUp;
            found.AddRange(addresses);
            Tell(findings, host, family, addresses, error, isUnknown, mark);

            // A resolver that could not answer for one family may know the other; "there is none" is the lesser news.
            failure = IsNoSuchName(failure) ? error ?? failure : failure;
        }

        return (found, failure);
    }

    async Task<(AddressFamily Family, IReadOnlyList<IPAddress> Addresses, SocketError? Error, long Mark)> LookUpAsync(
        string host, AddressFamily family, TimeSpan timeout, long mark, CancellationToken cancellationToken)
    {
        try
        {
            var addresses = await Resolver(host, family, cancellationToken).WaitAsync(timeout, clock, cancellationToken);
            return (family, [.. addresses.Select(address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).Distinct()], null, mark);
        }
        catch (SocketException fault)
        {
            return (family, [], fault.SocketErrorCode, mark);
        }
        catch (TimeoutException)
        {
            return (family, [], SocketError.TimedOut, mark);
        }
    }

    static bool IsNoSuchName(SocketError? error) => error is null or SocketError.NoData or SocketError.HostNotFound or SocketError.AddressFamilyNotSupported;

    static void Tell(Findings findings, string host, AddressFamily family, IReadOnlyList<IPAddress> addresses, SocketError? error, bool isUnknown, long mark)
    {
        var kind = family == AddressFamily.InterNetwork ? "A" : "AAAA";
        var list = string.Join(", ", addresses);
        var data = new JsonObject { ["addresses"] = new JsonArray([.. addresses.Select(address => JsonValue.Create(address.ToString()))]), ["error"] = error?.ToString() };
        var (outcome, detail) = (addresses.Count, error) switch
        {
            ( > 0, _) => (StepOutcome.Ok, new LocalizedText(list, list)),
            _ when IsNoSuchName(error) =>
                (isUnknown ? StepOutcome.Failed : StepOutcome.Skipped, new LocalizedText($"There is no {kind} address.", $"没有 {kind} 记录。")),
            _ => (StepOutcome.Failed, new LocalizedText($"The resolver did not answer ({error}).", $"域名解析服务没有响应（{error}）。")),
        };
        findings.Add(StepName.Resolve, $"{host} {kind}", outcome, mark, detail, data);
    }

    async Task<List<Knock>> KnockAsync(SmtpRelay relay, IReadOnlyList<IPAddress> addresses, int port, Findings findings, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(relay.Timeouts.Connect, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var mark = findings.Mark();
        var running = addresses.Select(address => TryAsync(relay, address, port, either.Token)).ToList();
        var done = new List<Knock>();
        var held = new List<Knock>();
        while (running.Count > 0)
        {
            var next = await Task.WhenAny(running);
            running.Remove(next);
            var knock = await next;
            cancellationToken.ThrowIfCancellationRequested();
            done.Add(knock);
            if (knock.IsOpen)
            {
                patience.CancelAfter(Rest);
            }

            // How bad a closed address is, is known when another opened or none did.
            held.Add(knock);
            if (done.Exists(one => one.IsOpen) || running.Count == 0)
            {
                held.ForEach(one => Tell(findings, one, port, someOpen: done.Exists(other => other.IsOpen), mark));
                held.Clear();
            }
        }

        return done;
    }

    static void Tell(Findings findings, Knock knock, int port, bool someOpen, long mark)
    {
        var address = knock.Address;
        var data = new JsonObject
        {
            ["address"] = address.ToString(),
            ["port"] = port,
            ["family"] = address.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4",
            ["error"] = knock.Error?.ToString(),
        };
        var outcome = knock switch
        {
            { IsOpen: true } => StepOutcome.Ok,
            { IsOfOtherFamily: true } => StepOutcome.Skipped,
            _ => someOpen ? StepOutcome.Warning : StepOutcome.Failed,
        };
        findings.Add(StepName.Connect, HostPort.Of(address.ToString(), port), outcome, mark, Describe(knock), data);
    }

    static async Task<Knock> TryAsync(SmtpRelay relay, IPAddress address, int port, CancellationToken cancellationToken)
    {
        if (relay.LocalAddress is { } local && local.AddressFamily != address.AddressFamily)
        {
            return new(address, null) { IsOfOtherFamily = true };
        }

        if (relay.AllowAddress?.Invoke(address) == false)
        {
            return new(address, null) { IsForbidden = true };
        }

        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (relay.LocalAddress is { } from)
            {
                socket.Bind(new IPEndPoint(from, 0));
            }

            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            return new(address, null);
        }
        catch (SocketException fault)
        {
            return new(address, fault.SocketErrorCode);
        }
        catch (OperationCanceledException)
        {
            return new(address, SocketError.TimedOut);
        }
    }

    static LocalizedText Describe(Knock knock) => knock switch
    {
        { IsOpen: true } => new("It takes the connection.", "可以连接。"),
        { IsOfOtherFamily: true } => new("Not tried: the local address is of the other family.", "未尝试：本地地址属于另一协议族。"),
        { IsForbidden: true } => new("This host's policy forbids connections there.", "本主机的策略禁止连接该地址。"),
        { Error: SocketError.ConnectionRefused } => new("Nothing listens there, or a firewall rejects.", "没有服务在监听，或被防火墙拒绝。"),
        { Error: SocketError.TimedOut } => new("No answer.", "没有响应。"),
        { Error: SocketError.NetworkUnreachable or SocketError.HostUnreachable } => new("There is no way there from this host.", "从本机无法到达。"),
        { Error: SocketError.AddressNotAvailable } => new("The local address is not one of this host.", "本地地址不属于本机。"),
        _ => new($"It cannot be reached ({knock.Error}).", $"无法连接（{knock.Error}）。"),
    };

    static TransportFault FaultOf(List<Knock> knocks)
    {
        var tried = string.Join(", ", knocks.Select(knock => $"{knock.Address}: {(knock.IsForbidden ? "not allowed" : knock.Error?.ToString() ?? "not tried")}"));
        return new(TransportStage.Connect, KindOf(knocks), tried);
    }

    // Whoever refuses is there; whoever is silent may be; the rest says only that there is no way.
    static TransportFaultKind KindOf(List<Knock> knocks) =>
        knocks.TrueForAll(knock => knock.IsForbidden || knock.IsOfOtherFamily) ? TransportFaultKind.DestinationNotAllowed
        : knocks.Exists(knock => knock.Error == SocketError.ConnectionRefused) ? TransportFaultKind.ConnectionRefused
        : knocks.Exists(knock => knock.Error == SocketError.TimedOut) ? TransportFaultKind.Timeout
        : TransportFaultKind.Unreachable;
}

/// <summary>What came of knocking at the addresses of a name.</summary>
/// <param name="Knocks">One for each address.</param>
/// <param name="Fault">Set where none of them opened.</param>
internal sealed record Reach(IReadOnlyList<Knock> Knocks, TransportFault? Fault)
{
    /// <summary>The system's error behind the fault.</summary>
    public SocketError? Error { get; init; }

    /// <summary>An IPv6 address is silent while another address opened: time is lost with each connection.</summary>
    public bool HasDeadIpv6 => Fault is null && Knocks.Any(knock => knock is { Address.AddressFamily: AddressFamily.InterNetworkV6, Error: SocketError.TimedOut });
}

/// <param name="Address">Where.</param>
/// <param name="Error">Why it did not open; null where it did, or was not tried.</param>
internal sealed record Knock(IPAddress Address, SocketError? Error)
{
    /// <summary>The outbound policy forbids it.</summary>
    public bool IsForbidden { get; init; }

    /// <summary>The local address that the settings name cannot speak to it.</summary>
    public bool IsOfOtherFamily { get; init; }

    public bool IsOpen => Error is null && !IsForbidden && !IsOfOtherFamily;
}

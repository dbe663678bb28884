using System.Net;
using System.Net.Sockets;
using MailPlugin.Options;

namespace MailPlugin.Security.Outbound;

/// <summary>
/// Where connections may go. It is asked for the address that is really connected to, after names were resolved, so that no name can
/// lead where an address may not. Link-local addresses (among them clouds' metadata services), multicast and the unspecified address: never.
/// </summary>
internal sealed class OutboundPolicy(OutboundOptions options)
{
    static readonly IPNetwork[] Never =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("224.0.0.0/4"),
        IPNetwork.Parse("240.0.0.0/4"),
        IPNetwork.Parse("::/128"),
        IPNetwork.Parse("fe80::/10"),
        IPNetwork.Parse("fec0::/10"),
        IPNetwork.Parse("ff00::/8"),

        // Metadata services that are not link-local: AWS, Google Cloud and Scaleway over IPv6, Azure, Alibaba Cloud, Oracle Cloud.
        IPNetwork.Parse("fd00:ec2::254/128"),
        IPNetwork.Parse("fd20:ce::254/128"),
        IPNetwork.Parse("fd00:42::42/128"),
        IPNetwork.Parse("168.63.129.16/32"),
        IPNetwork.Parse("100.100.100.200/32"),
        IPNetwork.Parse("192.0.0.192/32"),
    ];

    static readonly IPNetwork[] Private =
    [
        IPNetwork.Parse("127.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("::1/128"),
        IPNetwork.Parse("fc00::/7"),
    ];

    /// <summary>Networks whose addresses hold an IPv4 address: NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056), and where it stands in them.</summary>
    static readonly (IPNetwork Network, int Offset)[] Embedding =
    [
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("64:ff9b:1::/48"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
        (IPNetwork.Parse("::/96"), 12),
    ];

    public bool AllowsPort(int port) => options.Ports.Count == 0 || options.Ports.Contains(port);

    public bool Allows(IPAddress address)
    {
        var real = Embedded(address);
        return AllowsOne(address) && (real is null || AllowsOne(real));
    }

    bool AllowsOne(IPAddress address) =>
        !Never.Any(network => network.Contains(address)) && (options.AllowPrivate || !Private.Any(network => network.Contains(address)));

    static IPAddress? Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        // ::1 is loopback, not an embedded 0.0.0.1.
        if (IPAddress.IsLoopback(address))
        {
            return null;
        }

        foreach (var (network, offset) in Embedding)
        {
            if (network.Contains(address))
            {
                return new IPAddress(address.GetAddressBytes().AsSpan(offset, 4));
            }
        }

        return null;
    }
}

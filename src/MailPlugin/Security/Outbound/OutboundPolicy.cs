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

        // Teredo (RFC 4380): where it leads is decided by whoever made the address up, and no relay is there.
        IPNetwork.Parse("2001::/32"),

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

    /// <summary>
    /// Networks whose addresses hold an IPv4 address, and where its four bytes stand: NAT64 (RFC 6052), its local form in both lengths that
    /// are in use (RFC 8215), 6to4 (RFC 3056), translated (RFC 2765) and compatible addresses.
    /// </summary>
    static readonly (IPNetwork Network, int[] Bytes)[] Embedding =
    [
        (IPNetwork.Parse("64:ff9b::/96"), [12, 13, 14, 15]),
        (IPNetwork.Parse("64:ff9b:1::/48"), [12, 13, 14, 15]),
        (IPNetwork.Parse("64:ff9b:1::/48"), [6, 7, 9, 10]),
        (IPNetwork.Parse("2002::/16"), [2, 3, 4, 5]),
        (IPNetwork.Parse("::ffff:0:0:0/96"), [12, 13, 14, 15]),
        (IPNetwork.Parse("::/96"), [12, 13, 14, 15]),
    ];

    /// <summary>Whether relays may be at private addresses and loopback.</summary>
    public bool AllowsPrivate => options.AllowPrivate;

    /// <summary>For the port that is connected to, a proxy's as well as a relay's.</summary>
    public bool AllowsPort(int port) => options.Ports.Count == 0 || options.Ports.Contains(port);

    public bool Allows(IPAddress address) => AllowsOne(address) && Embedded(address).All(AllowsOne);

    bool AllowsOne(IPAddress address) =>
        !Never.Any(network => network.Contains(address)) && (options.AllowPrivate || !Private.Any(network => network.Contains(address)));

    /// <summary>The IPv4 addresses that an IPv6 address may stand for.</summary>
    static IEnumerable<IPAddress> Embedded(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            yield break;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            yield return address.MapToIPv4();
            yield break;
        }

        // ::1 is loopback, not an embedded 0.0.0.1.
        if (IPAddress.IsLoopback(address))
        {
            yield break;
        }

        var bytes = address.GetAddressBytes();
        foreach (var (_, places) in Embedding.Where(form => form.Network.Contains(address)))
        {
            // Of a form that the address does not have, these are zeros.
            if (places.Any(place => bytes[place] != 0))
            {
                yield return new IPAddress([.. places.Select(place => bytes[place])]);
            }
        }

        // ISATAP (RFC 5214): below any prefix, marked by its own identifier.
        if (bytes.AsSpan(8, 4) is [0 or 2, 0, 0x5e, 0xfe])
        {
            yield return new IPAddress(bytes.AsSpan(12, 4));
        }
    }
}

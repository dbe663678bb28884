using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace MailPlugin.Smtp;

/// <summary>What this machine calls itself: its full name, else its address in brackets (RFC 5321 4.1.3). Relays refuse "localhost".</summary>
internal static class EhloName
{
    static readonly Lazy<string?> FullName = new(FindFullName);

    internal static string For(SmtpRelay relay, IPAddress? local)
        => relay.EhloName is { Length: > 0 } name && IsUsable(name) ? name : FullName.Value ?? Literal(local ?? IPAddress.Loopback);

    internal static string Literal(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return plain.AddressFamily == AddressFamily.InterNetworkV6
            ? $"[IPv6:{new IPAddress(plain.GetAddressBytes())}]"
            : $"[{plain}]";
    }

    static string? FindFullName()
    {
        try
        {
            var properties = IPGlobalProperties.GetIPGlobalProperties();
            var name = properties.DomainName.Length > 0 && !properties.HostName.Contains('.', StringComparison.Ordinal)
                ? $"{properties.HostName}.{properties.DomainName}"
                : properties.HostName;
            return IsFullName(name) ? name : null;
        }
        catch (Exception exception) when (exception is NetworkInformationException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    internal static bool IsFullName(string name)
        => name.Length <= 255 && name.Contains('.', StringComparison.Ordinal) && !IPAddress.TryParse(name, out _)
            && !name.EndsWith(".localdomain", StringComparison.OrdinalIgnoreCase) && !name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            && name.Split('.').All(label => label.Length is > 0 and <= 63 && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'));

    // An administrator may name anything that is one word; what it means is between them and the relay.
    static bool IsUsable(string name) => name.Length <= 255 && name.All(c => c is > ' ' and <= '~');
}

using System.Globalization;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>A host and a port as people write them: an IPv6 address in brackets.</summary>
internal static class HostPort
{
    public static string Of(string host, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");
}

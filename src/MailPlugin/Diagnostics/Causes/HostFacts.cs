using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace MailPlugin.Diagnostics.Causes;

/// <summary>What this host brings along, as far as it can be the cause.</summary>
/// <param name="Now">Its clock.</param>
/// <param name="ClockIsBehind">The clock is earlier than files that it has: it is wrong.</param>
/// <param name="Authorities">How many certification authorities it trusts.</param>
internal sealed record HostFacts(DateTimeOffset Now, bool ClockIsBehind, int Authorities)
{
    /// <summary>A clock is right to within this, as far as a certificate's dates are concerned.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromDays(1);

    public static HostFacts Sound { get; } = new(default, false, 1);

    public static HostFacts Read(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new(now, OwnFile() is { } made && now < made - Grace, CountAuthorities());
    }

    static int CountAuthorities()
    {
        try
        {
            using var roots = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            using var own = new X509Store(StoreName.Root, StoreLocation.CurrentUser, OpenFlags.ReadOnly);
            return roots.Certificates.Union(own.Certificates).Count();
        }
        catch (CryptographicException)
        {
            // A store that cannot be opened trusts nobody.
            return 0;
        }
    }

    /// <summary>Nothing on this host is from the future, this program least of all.</summary>
    static DateTimeOffset? OwnFile() =>
        typeof(HostFacts).Assembly.Location is { Length: > 0 } place && new FileInfo(place) is { Exists: true } file ? file.LastWriteTimeUtc : null;
}

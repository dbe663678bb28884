using MailPlugin.Security.Secrets;
using MailPlugin.Settings;
using MailPlugin.Transports;

namespace MailPlugin.Tests.Support;

/// <summary>For transports that sign in without tokens.</summary>
internal sealed class NoTokens : IAccessTokens
{
    public Task<Secret> GetAsync(TransportSettings transport, CancellationToken cancellationToken) => throw new InvalidOperationException("No transport here needs a token.");

    public void Refused(TransportSettings transport, Secret token)
    {
    }

    public Task<AccessTokenState?> StateAsync(TransportSettings transport, CancellationToken cancellationToken) => Task.FromResult<AccessTokenState?>(null);
}

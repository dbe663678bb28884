using MailPlugin.Settings;
using MailPlugin.Transports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.OAuth.Tokens;

/// <summary>
/// Once an hour: renews what nobody used for a week (providers let idle refresh tokens die), says when a sign-in is about to end, and forgets tokens that no settings
/// point to any more. At the stop it waits for answers of providers that are under way.
/// </summary>
internal sealed partial class TokenUpkeep(TokenKeeper keeper, ITokenStore store, ISettingsSource settings, TimeProvider clock, ILogger<TokenUpkeep> logger) : BackgroundService
{
    static readonly TimeSpan Period = TimeSpan.FromHours(1);
    static readonly TimeSpan IdleFor = TimeSpan.FromDays(7);
    static readonly TimeSpan EndsSoon = TimeSpan.FromDays(7);
    static readonly TimeSpan Unused = TimeSpan.FromDays(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await keeper.DrainAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var transports = settings.Current.Settings.Transports.Where(transport => transport.Smtp?.OAuth is not null).ToList();
        foreach (var transport in transports)
        {
            try
            {
                await KeepAliveAsync(transport, cancellationToken);
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
            {
                LogNotKept(transport.Id, fault);
            }
        }

        List<string> bindings = [.. transports.Select(TokenBinding.Of)];
        keeper.ForgetUnused(bindings);
        await store.RemoveUnusedAsync(bindings, clock.GetUtcNow() - Unused, cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(fault);
            }
        }
    }

    async Task KeepAliveAsync(TransportSettings transport, CancellationToken cancellationToken)
    {
        if (await keeper.StateAsync(transport, cancellationToken) is not { SignedIn: true } state || transport.Smtp!.OAuth!.Flow is OAuthFlow.ClientCredentials or OAuthFlow.ServiceAccount)
        {
            return;
        }

        var now = clock.GetUtcNow();
        if (state.SignInEndsAt is { } end && end - now < EndsSoon)
        {
            LogEndsSoon(transport.Id, state.Account, end);
        }

        if (state.LastRefreshAt is { } last && now - last > IdleFor)
        {
            try
            {
                await keeper.RenewAsync(transport);
            }
            catch (AccessTokenException)
            {
                // It has been told and kept; the next send will see it.
            }
        }
    }

    [LoggerMessage(EventId = 1806, Level = LogLevel.Warning, Message = "The sign-in of {Account} for transport {Transport} ends at {End}: sign in again before")]
    partial void LogEndsSoon(string transport, string? account, DateTimeOffset end);

    [LoggerMessage(EventId = 1808, Level = LogLevel.Error, Message = "The token of transport {Transport} could not be looked after")]
    partial void LogNotKept(string transport, Exception fault);

    [LoggerMessage(EventId = 1807, Level = LogLevel.Error, Message = "The hourly look after tokens failed")]
    partial void LogFailed(Exception fault);
}

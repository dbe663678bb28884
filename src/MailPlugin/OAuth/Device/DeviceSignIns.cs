using System.Collections.Concurrent;
using System.Text.Json;
using MailPlugin.Delivery;
using MailPlugin.OAuth.Authorization;
using MailPlugin.OAuth.Tokens;
using MailPlugin.Security.Audit;
using MailPlugin.Security.Secrets;
using MailPlugin.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailPlugin.OAuth.Device;

/// <summary>
/// Sign-ins by a code that a person types elsewhere (RFC 8628). Each is waited for in the background until it succeeds, is refused or its time is over. They live in this
/// process: a restart ends them, and the person begins again.
/// </summary>
internal sealed partial class DeviceSignIns(
    TokenEndpoint endpoint, TokenKeeper keeper, ISettingsSource settings, TransportResumes resumes, SignInFailures failures, IAuditLog audit, TimeProvider clock, ILogger<DeviceSignIns> logger) : IHostedService, IDisposable
{
    static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    static readonly TimeSpan SlowDown = TimeSpan.FromSeconds(5);
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    readonly ConcurrentDictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);
    readonly CancellationTokenSource _stopping = new();

    /// <summary>The code to be shown, as long as it can be used.</summary>
    public DeviceCode? Find(string transport) =>
        _waiting.TryGetValue(transport, out var waiting) && waiting.Code.ExpiresAt > clock.GetUtcNow() && !waiting.IsUnwanted ? waiting.Code : null;

    /// <summary>Asks for a code; one that was asked for before is given up.</summary>
    /// <returns>The code, or why there is none, and whether it is the outbound policy that forbids to ask.</returns>
    public async Task<(DeviceCode? Code, string? Failure, bool Forbidden)> BeginAsync(TransportSettings transport, string who, CancellationToken cancellationToken)
    {
        var oauth = transport.Smtp!.OAuth!;
        var asked = clock.GetUtcNow();
        var (document, answer) = await endpoint.SendAsync(oauth, oauth.DeviceUrl!, GrantForm.DeviceStart(oauth, asked), cancellationToken);
        using var owned = document;
        if (document is null)
        {
            var unavailable = answer as TokenAnswer.Unavailable;
            return (null, answer is TokenAnswer.Refused refused ? $"{refused.Error}: {refused.Text}" : unavailable?.Reason ?? "no answer", unavailable is { Forbidden: true });
        }

        if (Read(document.RootElement, asked) is not var (code, secret, interval))
        {
            return (null, $"{oauth.DeviceUrl!.Host} answered without a code.", false);
        }

        failures.Forget(transport.Id);
        var waiting = new Waiting(code, CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token));
        _waiting.AddOrUpdate(transport.Id, waiting, (_, before) =>
        {
            before.GiveUp();
            return waiting;
        });
        waiting.Task = WaitAsync(transport, secret, interval, waiting, who);
        return (code, null, false);
    }

    /// <summary>Somebody signs out: a code that is still waited for would sign in again.</summary>
    public void GiveUp(string transport)
    {
        if (_waiting.TryGetValue(transport, out var waiting))
        {
            waiting.IsUnwanted = true;
            waiting.GiveUp();
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_waiting.Values.Select(waiting => waiting.Task)).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    async Task WaitAsync(TransportSettings transport, Secret secret, TimeSpan interval, Waiting waiting, string who)
    {
        var stop = waiting.End.Token;
        try
        {
            while (clock.GetUtcNow() < waiting.Code.ExpiresAt)
            {
                await Task.Delay(interval, clock, stop);
                var oauth = transport.Smtp!.OAuth!;
                var answer = await endpoint.AskAsync(oauth, GrantForm.DevicePoll(oauth, secret, clock.GetUtcNow()), CancellationToken.None);
                if (answer is TokenAnswer.Granted granted)
                {
                    await (waiting.IsUnwanted ? GiveBackAsync(oauth, granted) : FinishAsync(transport, granted, who));
                    return;
                }

                if (answer is TokenAnswer.Refused { Error: "slow_down" })
                {
                    interval += SlowDown;
                }
                else if (answer is TokenAnswer.Refused refused && refused.Error != "authorization_pending")
                {
                    await EndAsync(transport.Id, refused.Text.Length > 0 ? $"{refused.Error}: {refused.Text}" : refused.Error, who);
                    return;
                }
            }

            await EndAsync(transport.Id, "expired_token", who);
        }
        catch (OperationCanceledException)
        {
            // Another code was asked for, or the host stops.
        }
        catch (Exception fault)
        {
            failures.Note(transport.Id, "the token could not be kept");
            LogFailed(transport.Id, fault);
        }
        finally
        {
            _waiting.TryRemove(KeyValuePair.Create(transport.Id, waiting));
            waiting.End.Dispose();
        }
    }

    /// <summary>It was given while somebody signed out.</summary>
    async Task GiveBackAsync(OAuthSettings oauth, TokenAnswer.Granted granted)
    {
        if (oauth.RevokeUrl is { } url)
        {
            await endpoint.RevokeAsync(oauth, url, granted.RefreshToken ?? granted.AccessToken, clock.GetUtcNow(), CancellationToken.None);
        }
    }

    async Task EndAsync(string transport, string reason, string who)
    {
        failures.Note(transport, reason);
        LogEnded(transport, reason);
        await audit.WriteAsync(who, "provider sign-in failed", transport, reason, CancellationToken.None);
    }

    async Task FinishAsync(TransportSettings transport, TokenAnswer.Granted granted, string who)
    {
        // The settings may point elsewhere by now; the token stays with what it was asked for.
        await keeper.AdoptAsync(transport, granted);
        failures.Forget(transport.Id);
        await audit.WriteAsync(who, "signed in at the provider", transport.Id, "device code", CancellationToken.None);
        if (settings.Current.Settings.Transport(transport.Id) is not null)
        {
            await resumes.ResumeAsync(transport.Id, CancellationToken.None);
        }
    }

    static (DeviceCode Code, Secret Secret, TimeSpan Interval)? Read(JsonElement answer, DateTimeOffset asked)
    {
        var (secret, user) = (TokenEndpoint.Text(answer, "device_code"), TokenEndpoint.Text(answer, "user_code"));
        var place = TokenEndpoint.Text(answer, "verification_uri") ?? TokenEndpoint.Text(answer, "verification_url");
        if (string.IsNullOrEmpty(secret) || user is not { Length: > 0 and <= 64 } || user.Any(char.IsControl) || Web(place) is not { } uri)
        {
            return null;
        }

        var lifetime = TokenEndpoint.Seconds(answer, "expires_in") ?? Longest;
        var code = new DeviceCode(user, uri, Web(TokenEndpoint.Text(answer, "verification_uri_complete")), asked + (lifetime < Longest ? lifetime : Longest));
        var interval = TokenEndpoint.Seconds(answer, "interval") ?? DefaultInterval;
        return (code, new(secret), interval < Shortest ? Shortest : interval < Longest ? interval : Longest);
    }

    /// <summary>What the page may make a link of.</summary>
    static Uri? Web(string? text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps ? uri : null;

    [LoggerMessage(EventId = 1811, Level = LogLevel.Information, Message = "The sign-in by device code for transport {Transport} ended: {Reason}")]
    partial void LogEnded(string transport, string reason);

    [LoggerMessage(EventId = 1812, Level = LogLevel.Error, Message = "The sign-in by device code for transport {Transport} broke off")]
    partial void LogFailed(string transport, Exception fault);

    sealed class Waiting(DeviceCode code, CancellationTokenSource end)
    {
        public DeviceCode Code { get; } = code;

        public CancellationTokenSource End { get; } = end;

        public Task Task { get; set; } = Task.CompletedTask;

        /// <summary>Somebody signed out: what still comes is not kept.</summary>
        public bool IsUnwanted { get; set; }

        public void GiveUp()
        {
            try
            {
                End.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has ended by itself just now.
            }
        }
    }
}

/// <param name="UserCode">What the person types.</param>
/// <param name="VerificationUri">Where.</param>
/// <param name="VerificationUriComplete">The same with the code in it.</param>
/// <param name="ExpiresAt">Until when.</param>
internal sealed record DeviceCode(string UserCode, Uri VerificationUri, Uri? VerificationUriComplete, DateTimeOffset ExpiresAt);

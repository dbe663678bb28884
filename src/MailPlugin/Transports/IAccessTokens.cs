using MailPlugin.Security.Secrets;
using MailPlugin.Settings;

namespace MailPlugin.Transports;

/// <summary>Access tokens for relays that take no password.</summary>
internal interface IAccessTokens
{
    /// <summary>A token that is good now. Any number of callers at once cause one request to the provider.</summary>
    /// <exception cref="AccessTokenException">There is none.</exception>
    Task<Secret> GetAsync(TransportSettings transport, CancellationToken cancellationToken);

    /// <summary>The relay refused this token: the next one asked for is another.</summary>
    void Refused(TransportSettings transport, Secret token);

    /// <summary>How a transport stands with its provider; null: it needs no token.</summary>
    Task<AccessTokenState?> StateAsync(TransportSettings transport, CancellationToken cancellationToken);
}

/// <summary>Why there is no token, as a fault of the transport.</summary>
internal sealed class AccessTokenException(TransportFault fault) : Exception(fault.Detail)
{
    public TransportFault Fault { get; } = fault;
}

/// <param name="Account">The mailbox that the token is for.</param>
/// <param name="SignedIn">Whether a token can be had without a person.</param>
/// <param name="Scopes">What was granted.</param>
/// <param name="ExpiresAt">When the access token at hand ends; it is renewed before.</param>
/// <param name="LastRefreshAt">When the provider last gave one.</param>
/// <param name="SignInEndsAt">When a person has to sign in again, as far as the provider says.</param>
/// <param name="Error">What the provider last said no with.</param>
internal sealed record AccessTokenState(
    string? Account, bool SignedIn, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt, DateTimeOffset? LastRefreshAt, DateTimeOffset? SignInEndsAt, string? Error);

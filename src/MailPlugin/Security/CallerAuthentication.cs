using System.Security.Claims;
using System.Text.Encodings.Web;
using MailPlugin.Http.Problems;
using MailPlugin.Security.HostSignIn;
using MailPlugin.Security.Keys;
using MailPlugin.Security.SignIns;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPlugin.Security;

/// <summary>Recognises callers: an API key in the Authorization header (RFC 6750), else the page's cookie, or the host's own sign-in in its place.</summary>
internal sealed partial class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyRegister keys, SignInDesk desk, HostPolicy host)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "MailPlugin";

    const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            // A wrong key is an answer; falling back to a cookie would hide it.
            return keys.Find(header[Bearer.Length..].Trim()) is { } key ? Known(key, null) : AuthenticateResult.Fail("unknown key");
        }

        if (host.IsUsed)
        {
            return await AskHostAsync();
        }

        if (SignInCookie.Read(Context) is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        return await desk.RecogniseAsync(token, Context.RequestAborted) is var (signIn, signInKey)
            ? Known(signInKey, signIn)
            : AuthenticateResult.Fail("the sign-in has ended");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Problem.Unauthenticated().ExecuteAsync(Context);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problem.Forbidden().ExecuteAsync(Context);

    AuthenticateResult Known(ApiKey key, SignIn? signIn)
    {
        keys.Touch(key);
        List<Claim> claims = [new(CallerClaims.Who, $"key:{key.Name}"), new(CallerClaims.Key, key.Id)];
        claims.AddRange(key.Scopes.Select(scope => new Claim(CallerClaims.Scope, scope)));
        claims.AddRange(key.From.Select(address => new Claim(CallerClaims.From, address)));
        if (signIn is not null)
        {
            claims.Add(new(CallerClaims.SignIn, signIn.Id));
            Context.Features.Set<ICookieCaller>(signIn);
        }
        else
        {
            Context.Features.Set(key);
        }

        return Caller(claims);
    }

    async Task<AuthenticateResult> AskHostAsync()
    {
        try
        {
            if (await host.RecogniseAsync(Context) is not { } admin)
            {
                return AuthenticateResult.NoResult();
            }

            Context.Features.Set<ICookieCaller>(admin);

            // Whom the host knows and does not let in is somebody without a scope: 403, not 401.
            return Caller(admin.Allowed ? [new(CallerClaims.Who, admin.Who), new(CallerClaims.Scope, Scopes.Admin)] : [new(CallerClaims.Who, admin.Who)]);
        }
        catch (Exception fault) when (!Context.RequestAborted.IsCancellationRequested)
        {
            // The host's code: whatever it throws, a time that ran out too, nobody gets in and what is open stays open.
            LogPolicyFault(Logger, fault);
            return AuthenticateResult.Fail("the host's policy failed");
        }
    }

    static AuthenticateResult Caller(IEnumerable<Claim> claims) =>
        AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName, CallerClaims.Who, CallerClaims.Scope)), SchemeName));

    [LoggerMessage(EventId = 1150, Level = LogLevel.Error, Message = "The host's policy for administrators could not be evaluated")]
    static partial void LogPolicyFault(ILogger logger, Exception fault);
}

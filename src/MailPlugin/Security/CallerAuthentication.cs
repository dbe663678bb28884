using System.Security.Claims;
using System.Text.Encodings.Web;
using MailPlugin.Http.Problems;
using MailPlugin.Security.Keys;
using MailPlugin.Security.SignIns;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MailPlugin.Security;

/// <summary>Recognises callers: an API key in the Authorization header (RFC 6750), else the page's cookie.</summary>
internal sealed class CallerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyRegister keys, SignInDesk desk)
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
            Context.Features.Set(signIn);
        }
        else
        {
            Context.Features.Set(key);
        }

        var identity = new ClaimsIdentity(claims, SchemeName, CallerClaims.Who, CallerClaims.Scope);
        return AuthenticateResult.Success(new(new ClaimsPrincipal(identity), SchemeName));
    }
}

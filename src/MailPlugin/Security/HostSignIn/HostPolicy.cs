using System.Security.Claims;
using MailPlugin.Http.Pipeline;
using MailPlugin.Options;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MailPlugin.Security.HostSignIn;

/// <summary>
/// The host's own policy (<c>MailPlugin:AdminPolicy</c>) in place of the page's key sign-in. It is evaluated by the host's services, over the host's
/// schemes; asking it changes nothing at the host.
/// </summary>
/// <param name="name">The policy's name; null: people sign in with a key.</param>
/// <param name="host">The host's services.</param>
/// <param name="protection">Makes the tokens against forged requests.</param>
internal sealed class HostPolicy(string? name, IServiceProvider host, IDataProtectionProvider protection) : IHostedService
{
    readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("MailPlugin.HostSignIn.Csrf").ToTimeLimitedDataProtector();

    public bool IsUsed => name is not null;

    /// <exception cref="InvalidOptionException">The host has no policy of this name.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (name is not null && (host.GetService<IPolicyEvaluator>() is null || await FindAsync(host) is null))
        {
            throw new InvalidOptionException("AdminPolicy", "names no authorization policy of this host");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Who calls, as far as the host knows; null: nobody that it knows.</summary>
    public Task<HostAdmin?> RecogniseAsync(HttpContext context)
    {
        var request = context.Features.Get<HostRequest>() ?? throw new InvalidOperationException("The request did not come through the host.");
        KeepCookies(context);
        return request.AskAsync(context, services => RecogniseAsync(context, services));
    }

    async Task<HostAdmin?> RecogniseAsync(HttpContext context, IServiceProvider services)
    {
        var policy = await FindAsync(services) ?? throw new InvalidOperationException($"The host no longer has the policy {name}.");
        var evaluator = services.GetRequiredService<IPolicyEvaluator>();
        await SignInByDefaultAsync(context, policy, services);
        var authenticated = await evaluator.AuthenticateAsync(policy, context);
        var verdict = await evaluator.AuthorizeAsync(policy, authenticated, context, context);
        return verdict.Succeeded || verdict.Forbidden ? new(NameOf(authenticated.Principal ?? context.User), verdict.Succeeded, _protector) : null;
    }

    /// <summary>The branch stands ahead of the host's authentication, so a policy without schemes of its own finds nobody yet.</summary>
    static async Task SignInByDefaultAsync(HttpContext context, AuthorizationPolicy policy, IServiceProvider services)
    {
        if (policy.AuthenticationSchemes.Count > 0 || context.User.Identity?.IsAuthenticated == true
            || services.GetService<IAuthenticationSchemeProvider>() is not { } schemes || await schemes.GetDefaultAuthenticateSchemeAsync() is not { } scheme)
        {
            return;
        }

        var result = await context.AuthenticateAsync(scheme.Name);
        if (result.Principal is { } principal)
        {
            context.User = principal;
        }
    }

    Task<AuthorizationPolicy?> FindAsync(IServiceProvider services) =>
        services.GetService<IAuthorizationPolicyProvider>()?.GetPolicyAsync(name!) ?? Task.FromResult<AuthorizationPolicy?>(null);

    /// <summary>
    /// A scheme that renews its cookie would do it with this branch's path, beside the one that the host set, and signing out would leave it behind. Callbacks run
    /// in reverse order: this one, registered first, sees what the scheme added. What the plugin itself sets stays.
    /// </summary>
    static void KeepCookies(HttpContext context) => context.Response.OnStarting(() =>
    {
        var headers = context.Response.Headers;
        headers.SetCookie = headers.SetCookie.Where(cookie => cookie?.StartsWith(OwnCookie.Prefix, StringComparison.Ordinal) == true).ToArray();
        return Task.CompletedTask;
    });

    static string NameOf(ClaimsPrincipal user)
    {
        var name = user.Identity?.Name ?? user.FindFirstValue(ClaimTypes.NameIdentifier) ?? user.FindFirstValue("sub") ?? "unknown";
        return $"user:{new string([.. name.Where(letter => !char.IsControl(letter)).Take(200)])}";
    }
}

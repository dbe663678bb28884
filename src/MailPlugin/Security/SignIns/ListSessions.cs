using System.Security.Claims;
using MailPlugin.Security.Keys;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security.SignIns;

/// <summary><c>GET /sessions</c>: who is signed in.</summary>
internal static class ListSessions
{
    public static async Task<IResult> HandleAsync(ClaimsPrincipal caller, ISignInStore store, KeyRegister keys, CancellationToken cancellationToken)
    {
        var own = caller.FindFirstValue(CallerClaims.SignIn);
        var signIns = await store.ListAsync(cancellationToken);
        var items = signIns.Select(signIn => new Item(
            signIn.Id, keys.FindById(signIn.KeyId) is { } key ? $"key:{key.Name}" : "ended", signIn.CreatedAt, signIn.LastSeenAt, signIn.Address, signIn.Id == own));
        return Results.Ok(new { items, next = (string?)null });
    }

    internal sealed record Item(string Id, string Who, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string? Address, bool Current);
}

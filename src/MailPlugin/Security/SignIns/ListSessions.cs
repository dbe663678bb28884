using System.Security.Claims;
using MailPlugin.Http.Paging;
using MailPlugin.Security.Keys;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security.SignIns;

/// <summary><c>GET /sessions</c>: who is signed in.</summary>
internal static class ListSessions
{
    public static async Task<IResult> HandleAsync(HttpContext context, ISignInStore store, KeyRegister keys)
    {
        var page = PageRequest.Read(context, "sessions");
        var own = context.User.FindFirstValue(CallerClaims.SignIn);
        return page.Problem ?? page.AnswerFrom(await store.ListAsync(context.RequestAborted), signIn => new(signIn.CreatedAt, signIn.Id), signIn => new Item(
            signIn.Id, keys.FindById(signIn.KeyId) is { } key ? $"key:{key.Name}" : "ended", signIn.CreatedAt, signIn.LastSeenAt, signIn.Address, signIn.Id == own));
    }

    internal sealed record Item(string Id, string Who, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, string? Address, bool Current);
}

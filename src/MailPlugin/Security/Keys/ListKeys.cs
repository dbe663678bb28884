using MailPlugin.Http.Paging;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security.Keys;

/// <summary><c>GET /keys</c>: all keys, never their values.</summary>
internal static class ListKeys
{
    public static async Task<IResult> HandleAsync(HttpContext context, IApiKeyStore store)
    {
        var page = PageRequest.Read(context, "keys");
        return page.Problem ?? page.AnswerFrom(await store.ListAsync(context.RequestAborted), key => new(key.CreatedAt, key.Id), KeyView.Of);
    }
}

/// <summary>A key as answers show it.</summary>
internal sealed record KeyView(
    string Id, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, int? RatePerMinute, IReadOnlyList<string> From)
{
    public static KeyView Of(ApiKey key) =>
        new(key.Id, key.Name, key.Scopes, key.CreatedAt, key.ExpiresAt, key.LastUsedAt, key.RatePerMinute, key.From);
}

using Carter;
using MailPlugin.Http.Paging;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Diagnostics.Knowledge;

internal sealed class KnowledgeModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/knowledge/unmatched", ListUnmatchedAsync).RequireAuthorization(Scopes.Admin);

    static async Task<IResult> ListUnmatchedAsync(HttpContext context, IUnmatchedStore store)
    {
        var page = PageRequest.Read(context, "unmatched");
        return page.Problem ?? page.Answer(
            await store.ListAsync(page.Position?.At, page.Position?.Id, page.Limit + 1, context.RequestAborted), reply => new(reply.LastSeen, reply.Id));
    }
}

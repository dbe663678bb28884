using System.Globalization;
using Carter;
using MailPlugin.Http.Paging;
using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Security.Audit;

internal sealed class AuditModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/audit", ListAsync).RequireAuthorization(Scopes.Admin);

    static async Task<IResult> ListAsync(HttpContext context, IAuditLog audit)
    {
        var page = PageRequest.Read(context, "audit");
        if (page.Problem is not null)
        {
            return page.Problem;
        }

        long? before = null;
        if (page.Position is { } position)
        {
            if (!long.TryParse(position.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            {
                return Problem.Of("invalid-cursor");
            }

            before = id;
        }

        var entries = await audit.ListAsync(before, page.Limit + 1, context.RequestAborted);
        return page.Answer(entries, entry => new(entry.At, entry.Id.ToString(CultureInfo.InvariantCulture)));
    }
}

using Carter;
using MailPlugin.Http.Paging;
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

        var entries = await audit.ListAsync(page.Position?.Id is { } id ? long.Parse(id, System.Globalization.CultureInfo.InvariantCulture) : null, page.Limit + 1, context.RequestAborted);
        return page.Answer(entries, entry => new(entry.At, entry.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }
}

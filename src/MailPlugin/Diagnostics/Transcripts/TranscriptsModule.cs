using System.Security.Claims;
using Carter;
using MailPlugin.Http.Paging;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Diagnostics.Transcripts;

internal sealed class TranscriptsModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        var transcripts = app.MapGroup("/transcripts").RequireAuthorization(Scopes.Admin);
        transcripts.MapGet("", ListAsync);
        transcripts.MapDelete("", ClearAsync);
        transcripts.MapGet("/{id}", GetTranscript.HandleAsync);
    }

    static async Task<IResult> ListAsync(HttpContext context, ITranscriptStore store)
    {
        var (message, transport) = (Query(context, "message"), Query(context, "transport"));
        var page = PageRequest.Read(context, $"transcripts|{message}|{transport}");
        if (page.Problem is not null)
        {
            return page.Problem;
        }

        var filter = new TranscriptFilter(message, transport, page.Position?.At, page.Position?.Id, page.Limit + 1);
        return page.Answer(await store.ListAsync(filter, context.RequestAborted), item => new(item.At, item.Id));
    }

    static async Task<IResult> ClearAsync(ClaimsPrincipal caller, ITranscriptStore store, IAuditLog audit, CancellationToken cancellationToken)
    {
        var count = await store.ClearAsync(cancellationToken);
        await audit.WriteAsync(caller.Name(), "transcripts deleted", null, $"{count}", cancellationToken);
        return Results.NoContent();
    }

    static string? Query(HttpContext context, string name) => context.Request.Query[name].ToString() is { Length: > 0 } value ? value : null;
}

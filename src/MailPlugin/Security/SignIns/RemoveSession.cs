using System.Security.Claims;
using MailPlugin.Http.Problems;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security.SignIns;

/// <summary><c>DELETE /sessions/{id}</c>: signs somebody out.</summary>
internal static class RemoveSession
{
    public static async Task<IResult> HandleAsync(string id, ClaimsPrincipal caller, ISignInStore store, IAuditLog audit, CancellationToken cancellationToken)
    {
        if (!await store.RemoveAsync(id, cancellationToken))
        {
            return Problem.NotFound();
        }

        await audit.WriteAsync(caller.Name(), "signed out", id, null, cancellationToken);
        return Results.NoContent();
    }
}

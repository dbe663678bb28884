using System.Security.Claims;
using MailPlugin.Http.Problems;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Security.Keys;

/// <summary><c>DELETE /keys/{id}</c>: the key and its sign-ins end at once.</summary>
internal static class RevokeKey
{
    public static async Task<IResult> HandleAsync(
        string id, ClaimsPrincipal caller, IApiKeyStore store, KeyRegister register, IAuditLog audit, TimeProvider clock, CancellationToken cancellationToken)
    {
        switch (await store.RevokeAsync(id, clock.GetUtcNow(), cancellationToken))
        {
            case RevokeOutcome.NotFound:
                // It may have been revoked by a call that could not read the keys again.
                await register.LoadAsync(CancellationToken.None);
                return Problem.NotFound();
            case RevokeOutcome.LastAdmin:
                return Problem.Of("last-admin-key");
            default:
                // The key is revoked, whether or not the caller waits for the answer: it must stop working here too.
                await register.LoadAsync(CancellationToken.None);
                await audit.WriteAsync(caller.Name(), "key revoked", id, null, cancellationToken);
                return Results.NoContent();
        }
    }
}

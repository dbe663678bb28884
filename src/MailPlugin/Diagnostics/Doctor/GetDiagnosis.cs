using System.Security.Claims;
using MailPlugin.Http;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Diagnostics.Doctor;

/// <summary><c>GET /diagnoses/{id}</c>: one that was made, or as far as it has come.</summary>
internal static class GetDiagnosis
{
    public static async Task<IResult> HandleAsync(string id, HttpContext context, ClaimsPrincipal caller, IDiagnosisStore store, OpenDiagnoses open)
    {
        var running = open.Find(id);
        var diagnosis = running ?? await store.FindAsync(id, context.RequestAborted);
        if (diagnosis is null || (diagnosis.IsDraft && !caller.Has(Scopes.Admin)))
        {
            return Problem.NotFound();
        }

        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(DiagnosisJson.Whole(diagnosis, isRunning: running is not null, RequestLanguage.Of(context)), DiagnosisJson.Options);
    }
}

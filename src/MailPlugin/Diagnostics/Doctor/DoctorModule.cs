using Carter;
using MailPlugin.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Diagnostics.Doctor;

internal sealed class DoctorModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app)
    {
        app.MapPost("/diagnose", Diagnose.HandleAsync).RequireAuthorization(Scopes.Test);
        app.MapGet("/diagnoses/{id}", GetDiagnosis.HandleAsync).RequireAuthorization(Scopes.Test);
    }
}

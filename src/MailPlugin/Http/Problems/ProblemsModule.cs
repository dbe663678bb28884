using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace MailPlugin.Http.Problems;

internal sealed class ProblemsModule : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/problems/{slug}", GetProblem.Handle).AllowAnonymous();
}

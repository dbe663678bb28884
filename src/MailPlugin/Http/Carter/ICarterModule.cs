using Microsoft.AspNetCore.Routing;

namespace Carter;

/// <summary>
/// Carter's contract, declared here because no Carter package exists for this target framework. On the day one does, this file
/// goes and every module stays as it is.
/// </summary>
public interface ICarterModule
{
    /// <summary>Maps the module's routes.</summary>
    void AddRoutes(IEndpointRouteBuilder app);
}

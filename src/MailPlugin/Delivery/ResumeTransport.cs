using MailPlugin.Http.Problems;
using MailPlugin.Queue;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using MailPlugin.Settings;
using MailPlugin.Transports;
using MailPlugin.Transports.Php;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Delivery;

/// <summary>Someone says that a transport is mended: it is used again at once.</summary>
internal static class ResumeTransport
{
    public static async Task<IResult> HandleAsync(
        string id, HttpContext context, ISettingsSource settings, TransportLines lines, TransportResumes resumes, IStatistics statistics, TestMarks tests, IAccessTokens tokens, PhpInspector php, IAuditLog audit, TimeProvider clock)
    {
        if (settings.Current.Settings.Transport(id) is not { } transport)
        {
            return Problem.NotFound();
        }

        if (!transport.Enabled)
        {
            return Problem.Of("wrong-state");
        }

        await resumes.ResumeAsync(id, context.RequestAborted);
        await audit.WriteAsync(context.User.Name(), "transport resumed", id, null, context.RequestAborted);
        var figures = await statistics.ByTransportAsync(ListTransports.Today(clock), context.RequestAborted);
        var answer = TransportAnswer.Of(transport, lines.Get(id), tests.Find(transport, settings.Current.Version), figures.GetValueOrDefault(id), await tokens.StateAsync(transport, context.RequestAborted));
        return Results.Ok(answer with { Php = await php.LookAsync(transport) });
    }
}

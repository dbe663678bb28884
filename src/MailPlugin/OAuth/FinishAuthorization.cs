using MailPlugin.Delivery;
using MailPlugin.Http.Pipeline;
using MailPlugin.Http.Problems;
using MailPlugin.OAuth.Authorization;
using MailPlugin.Options;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MailPlugin.OAuth;

/// <summary>
/// <c>GET /oauth/callback</c>: the browser comes back from the provider. It carries no sign-in (a redirect from another site brings no Strict cookie): what lets it in is the one-time
/// state together with the cookie of the browser that left.
/// </summary>
internal static partial class FinishAuthorization
{
    const int MaxParameter = 8 * 1024;

    public static async Task<IResult> HandleAsync(
        HttpContext context, AuthorizationDesk desk, SignInFailures failures, MailPluginOptions options, TransportResumes resumes, IAuditLog audit, ILogger<AuthorizationDesk> logger)
    {
        var (state, code, error) = (Parameter(context, "state"), Parameter(context, "code"), Parameter(context, "error"));
        if (state is null || await desk.TakeAsync(state, AuthorizationCookie.Read(context), context.RequestAborted) is not { } pending)
        {
            return Problem.Of("unauthenticated", new("This sign-in at the provider was not begun here, or more than ten minutes ago.", "此次登录并非从这里发起，或已超过十分钟。"));
        }

        AuthorizationCookie.Clear(context, options);
        context.Response.Headers.CacheControl = "no-store";
        var failure = code is null ? Refusal(error, Parameter(context, "error_description")) : await desk.FinishAsync(pending, code);
        if (failure is null)
        {
            failures.Forget(pending.Transport);

            // It is done, whether or not the browser waits for the answer.
            await audit.WriteAsync(pending.Who, "signed in at the provider", pending.Transport, null, CancellationToken.None);
            await resumes.ResumeAsync(pending.Transport, CancellationToken.None);
        }
        else
        {
            failures.Note(pending.Transport, Clean(failure));
            LogFailed(logger, pending.Transport, Clean(failure));
            await audit.WriteAsync(pending.Who, "provider sign-in failed", pending.Transport, Clean(failure), context.RequestAborted);
        }

        // Relative, so that it holds behind a proxy that takes a prefix off.
        var page = PagePipeline.RelativePath(options.BasePath + "/oauth", options.PagePath);
        var result = failure is null ? "ok" : "failed";
        return Results.Redirect($"{page}/#/transports?transport={Uri.EscapeDataString(pending.Transport)}&signIn={result}", preserveMethod: false);
    }

    static string? Parameter(HttpContext context, string name) =>
        context.Request.Query[name].ToString() is { Length: > 0 and <= MaxParameter } value ? value : null;

    static string Refusal(string? error, string? words) => error is null ? "no code" : words is null ? error : $"{error}: {words}";

    static string Clean(string text)
    {
        var line = new string([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]);
        return line.Length <= 300 ? line : line[..300] + "…";
    }

    [LoggerMessage(EventId = 1810, Level = LogLevel.Warning, Message = "The sign-in at the provider for transport {Transport} failed: {Reason}")]
    static partial void LogFailed(ILogger logger, string transport, string reason);
}

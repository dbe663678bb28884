using MailPlugin.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MailPlugin.Http.Pipeline;

/// <summary>The outermost middleware of the API: whatever goes wrong inside becomes a problem, and its cause a line in the log.</summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone: nobody reads an answer.
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            ApiHeaders.Set(context.Response.Headers);
            await Answer(context, fault).ExecuteAsync(context);
        }
    }

    ProblemResult Answer(HttpContext context, Exception fault)
    {
        switch (fault)
        {
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return Problem.Of("too-large");
            case BadHttpRequestException or InvalidDataException:
                return Problem.Of("invalid-request", new("The request could not be read.", "无法读取请求。"));
            case DatabaseUnavailableException:
                LogUnavailable(fault.Message);
                return Problem.QueueUnavailable();
            default:
                LogFailed(context.Request.Method, context.Request.Path, fault);
                return Problem.Of("internal");
        }
    }

    [LoggerMessage(EventId = 1401, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    partial void LogFailed(string method, string path, Exception fault);

    [LoggerMessage(EventId = 1402, Level = LogLevel.Error, Message = "A request found the database unavailable: {Reason}")]
    partial void LogUnavailable(string reason);
}

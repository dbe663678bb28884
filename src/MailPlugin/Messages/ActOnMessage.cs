using MailPlugin.Diagnostics.Knowledge;
using MailPlugin.Http;
using MailPlugin.Http.Problems;
using MailPlugin.Queue;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Messages;

/// <summary>Retry and cancel of one message.</summary>
internal static class ActOnMessage
{
    public static async Task<IResult> RetryAsync(string id, HttpContext context, IMessageActs acts, IMessageReader messages, HoldClock holds, RepliesInWords words, MessageTerms terms, IAuditLog audit, QueueSignal signal, TimeProvider clock)
    {
        var result = await acts.RetryAsync(id, terms.Retry(holds, clock.GetUtcNow()), context.RequestAborted);
        signal.Raise();
        return await AnswerAsync(result, "retry", id, context, messages, holds, words, audit, clock);
    }

    public static async Task<IResult> CancelAsync(string id, HttpContext context, IMessageActs acts, IMessageReader messages, HoldClock holds, RepliesInWords words, IAuditLog audit, TimeProvider clock) =>
        await AnswerAsync(await acts.CancelAsync(id, clock.GetUtcNow(), context.RequestAborted), "cancel", id, context, messages, holds, words, audit, clock);

    static async Task<IResult> AnswerAsync(ActResult result, string act, string id, HttpContext context, IMessageReader messages, HoldClock holds, RepliesInWords words, IAuditLog audit, TimeProvider clock)
    {
        switch (result)
        {
            case ActResult.NotFound:
                return Problem.NotFound();
            case ActResult.WrongState:
                return Problem.Of("wrong-state");
        }

        await audit.WriteAsync(context.User.Name(), $"message {act}", id, null, context.RequestAborted);
        var message = await messages.FindAsync(id, context.RequestAborted);
        if (message is null)
        {
            return Problem.NotFound();
        }

        var answer = MessageAnswer.Whole(message, holds, clock.GetUtcNow(), words, RequestLanguage.Of(context));
        return result == ActResult.Requested ? Results.Json(answer, statusCode: StatusCodes.Status202Accepted) : Results.Ok(answer);
    }
}

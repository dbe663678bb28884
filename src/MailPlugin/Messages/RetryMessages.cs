using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Queue;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Messages;

/// <summary>Retries everything that a filter means, page by page, so that sending goes on in between.</summary>
internal static class RetryMessages
{
    const int MaxBytes = 16 * 1024;
    const int Step = 200;
    const int MaxMessages = 1_000_000;

    public static async Task<IResult> HandleAsync(HttpContext context, IMessageActs acts, IMessageReader messages, HoldClock holds, MessageTerms terms, IAuditLog audit, QueueSignal signal, TimeProvider clock)
    {
        var (body, unreadable) = await RequestBody.ReadAsync(context, MaxBytes);
        using var read = body;
        if (read is null)
        {
            return unreadable!;
        }

        var faults = new Faults();
        var json = new JsonObjectReader(read.Root, "", faults);
        var filter = json.Object("filter") is { } part ? MessageFilterReader.Read(part) : null;
        var dryRun = json.Flag("dryRun", defaultValue: false);
        json.Complete();
        if (filter is null && !faults.Any)
        {
            faults.Add("filter", "must be given; an empty one means every message");
        }

        if (faults.Any)
        {
            return Problem.Invalid("invalid-request", faults);
        }

        var count = await RetryAsync(filter!, dryRun, acts, messages, terms.Retry(holds, clock.GetUtcNow()), context.RequestAborted);
        if (!dryRun)
        {
            signal.Raise();
            await audit.WriteAsync(context.User.Name(), "messages retry", filter!.ToString(), $"{count}", CancellationToken.None);
        }

        return Results.Ok(new { count });
    }

    static async Task<int> RetryAsync(MessageFilter filter, bool dryRun, IMessageActs acts, IMessageReader messages, RetryTerms terms, CancellationToken cancellationToken)
    {
        var count = 0;
        long? before = null;
        for (var looked = 0; looked < MaxMessages; looked += Step)
        {
            var page = await messages.ListAsync(filter, before, Step, cancellationToken);
            if (page.Items.Count > 0)
            {
                count += await acts.RetryManyAsync([.. page.Items.Select(message => message.Id)], terms, dryRun, cancellationToken);
            }

            if (page.Next is null)
            {
                break;
            }

            before = page.Next;
        }

        return count;
    }
}

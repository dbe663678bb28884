using System.Globalization;
using System.Text.Json.Serialization;
using MailPlugin.Http.Paging;
using MailPlugin.Queue;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Messages;

internal static class ListMessages
{
    public static async Task<IResult> HandleAsync(HttpContext context, IMessageReader messages, HoldClock holds, TimeProvider clock)
    {
        var (filter, problem) = MessageFilterReader.Read(context.Request.Query);
        if (filter is null)
        {
            return problem!;
        }

        var page = PageRequest.Read(context, $"messages {filter}");
        if (page.Problem is not null)
        {
            return page.Problem;
        }

        long? before = null;
        if (page.Position is { } position)
        {
            if (!long.TryParse(position.Id, NumberStyles.None, CultureInfo.InvariantCulture, out var key))
            {
                return Http.Problems.Problem.Of("invalid-cursor");
            }

            before = key;
        }

        var found = await messages.ListAsync(filter, before, page.Limit, context.RequestAborted);
        var now = clock.GetUtcNow();
        return Results.Ok(new Answer(
            found.Items.Select(message => MessageAnswer.Of(message, holds, now)),
            found.Next is { } next ? page.Cursor(new(found.Items.Count > 0 ? found.Items[^1].CreatedAt : now, next.ToString(CultureInfo.InvariantCulture))) : null,
            found.Partial ? true : null));
    }

    sealed record Answer(
        IEnumerable<MessageAnswer> Items, string? Next, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Partial);
}

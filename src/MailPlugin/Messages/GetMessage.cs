using System.Security.Claims;
using MailPlugin.Diagnostics.Knowledge;
using MailPlugin.Http;
using MailPlugin.Http.Problems;
using MailPlugin.Queue;
using MailPlugin.Security;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Messages;

internal static class GetMessage
{
    public static async Task<IResult> HandleAsync(
        string id, HttpContext context, ClaimsPrincipal user, IMessageReader messages, HoldClock holds, RepliesInWords words, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!user.Has(Scopes.Read) && !user.Has(Scopes.Send))
        {
            return Problem.Forbidden();
        }

        var message = await messages.FindAsync(id, cancellationToken);
        return message is null || !MaySee(user, message)
            ? Problem.NotFound()
            : Results.Ok(MessageAnswer.Whole(message, holds, clock.GetUtcNow(), words, RequestLanguage.Of(context)));
    }

    /// <summary>A key that may only send sees what it sent; of others' messages it does not even learn that they exist.</summary>
    static bool MaySee(ClaimsPrincipal user, MessageRecord message) =>
        user.Has(Scopes.Read) || (message.Owner.Length > 0 && message.Owner == user.FindFirstValue(CallerClaims.Key));
}

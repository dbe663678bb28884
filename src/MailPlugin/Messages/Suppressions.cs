using MailPlugin.Http.Binding;
using MailPlugin.Http.Paging;
using MailPlugin.Http.Problems;
using MailPlugin.Queue;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Messages;

/// <summary>Addresses to which nothing is sent: read, put, lifted.</summary>
internal static class Suppressions
{
    const int MaxBytes = 16 * 1024;
    const int MaxReason = 998;

    public static async Task<IResult> ListAsync(HttpContext context, ISuppressionStore suppressions, TimeProvider clock)
    {
        var page = PageRequest.Read(context, "suppressions");
        if (page.Problem is not null)
        {
            return page.Problem;
        }

        var after = page.Position is { } position ? new SuppressionPosition(position.At, position.Id) : null;
        var found = await suppressions.ListAsync(after, page.Limit + 1, clock.GetUtcNow(), context.RequestAborted);
        return page.Answer(found, suppression => new(suppression.CreatedAt, suppression.Address));
    }

    public static async Task<IResult> PutAsync(string address, HttpContext context, ISuppressionStore suppressions, IAuditLog audit, TimeProvider clock)
    {
        var (body, unreadable) = await RequestBody.ReadAsync(context, MaxBytes);
        using var read = body;
        if (read is null)
        {
            return unreadable!;
        }

        var faults = new Faults();
        var json = new JsonObjectReader(read.Root, "", faults);
        json.Ignore("address", "source", "createdAt");
        var reason = json.Line("reason", MaxReason);
        var expiresAt = json.Time("expiresAt");
        json.Complete();
        var now = clock.GetUtcNow();
        if (expiresAt <= now)
        {
            faults.Add("expiresAt", "must be in the future");
        }

        AddressInPath.Check(address, faults);
        if (faults.Any)
        {
            return Problem.Invalid("invalid-request", faults);
        }

        var suppression = new Suppression(Recipient.KeyOf(AddressInPath.Spelt(address)), reason ?? "put by hand", context.User.Name(), now, expiresAt);
        await suppressions.PutAsync(suppression, context.RequestAborted);
        await audit.WriteAsync(context.User.Name(), "suppression put", suppression.Address, suppression.Reason, context.RequestAborted);
        return Results.Ok(suppression);
    }

    public static async Task<IResult> DeleteAsync(string address, HttpContext context, ISuppressionStore suppressions, IAuditLog audit)
    {
        address = AddressInPath.Spelt(address);
        if (!await suppressions.RemoveAsync(address, context.RequestAborted))
        {
            return Problem.NotFound();
        }

        await audit.WriteAsync(context.User.Name(), "suppression lifted", Recipient.KeyOf(address), null, context.RequestAborted);
        return Results.NoContent();
    }
}

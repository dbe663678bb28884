using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Delivery;

internal static class PauseDelivery
{
    const int MaxBytes = 4 * 1024;

    public static IResult Get(DeliverySwitch delivery) => Results.Ok(new { paused = delivery.IsPaused });

    public static async Task<IResult> PutAsync(HttpContext context, DeliverySwitch delivery, IAuditLog audit)
    {
        var (body, unreadable) = await RequestBody.ReadAsync(context, MaxBytes);
        using var read = body;
        if (read is null)
        {
            return unreadable!;
        }

        var faults = new Faults();
        var json = new JsonObjectReader(read.Root, "", faults);
        var paused = json.Flag("paused", defaultValue: false);
        if (!json.Has("paused"))
        {
            json.Fault("paused", "must be true or false");
        }

        json.Complete();
        if (faults.Any)
        {
            return Problem.Invalid("invalid-request", faults);
        }

        await delivery.SetAsync(paused, context.RequestAborted);
        await audit.WriteAsync(context.User.Name(), paused ? "delivery paused" : "delivery resumed", null, null, context.RequestAborted);
        return Get(delivery);
    }
}

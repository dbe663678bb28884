using System.Security.Cryptography;
using System.Text;
using MailPlugin.Http.Binding;
using MailPlugin.Http.Problems;
using MailPlugin.Queue;
using MailPlugin.Security;
using MailPlugin.Security.Audit;
using Microsoft.AspNetCore.Http;

namespace MailPlugin.Messages;

internal static class EraseRecipient
{
    public static async Task<IResult> HandleAsync(string address, HttpContext context, IMessageActs acts, IAuditLog audit, TimeProvider clock)
    {
        var faults = new Faults();
        AddressInPath.Check(address, faults);
        if (faults.Any)
        {
            return Problem.Invalid("invalid-request", faults);
        }

        address = AddressInPath.Spelt(address);

        // To its end, whether or not the caller waits for it: half of an erasure that nobody recorded is none.
        var count = await acts.EraseAsync(address, clock.GetUtcNow(), CancellationToken.None);

        // Writing the address into the audit would undo the erasure; a hash still proves that it was done.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Recipient.KeyOf(address))).AsSpan(0, 8));
        await audit.WriteAsync(context.User.Name(), "recipient erased", $"sha256:{hash}", $"{count} messages", CancellationToken.None);
        return Results.Ok(new { count });
    }
}
